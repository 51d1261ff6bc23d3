# SPDX-License-Identifier: LGPL-2.1-or-later
#
# balancerctl.

noinst_LTLIBRARIES += %D%/libcli.la
%C%_libcli_la_SOURCES = \
	%D%/args.c \
	%D%/args.h \
	%D%/child.c \
	%D%/child.h \
	%D%/exit.h \
	%D%/format.c \
	%D%/format.h \
	%D%/help.c \
	%D%/help.h \
	%D%/lifeline.c \
	%D%/lifeline.h \
	%D%/output.c \
	%D%/output.h \
	%D%/picture-axis.c \
	%D%/picture-domains.c \
	%D%/picture-events.c \
	%D%/picture-steps.c \
	%D%/picture.c \
	%D%/picture.h \
	%D%/room.c \
	%D%/room.h \
	%D%/rpc.c \
	%D%/rpc.h \
	%D%/show-config.c \
	%D%/show-engine.c \
	%D%/show-event.c \
	%D%/show-explain.c \
	%D%/show-history.c \
	%D%/show-plan.c \
	%D%/show-host.c \
	%D%/show-lease.c \
	%D%/show-record.c \
	%D%/show-swap.c \
	%D%/show.c \
	%D%/show.h \
	%D%/signals.c \
	%D%/signals.h \
	%D%/sizing.c \
	%D%/sizing.h \
	%D%/table.c \
	%D%/table.h \
	%D%/svg.c \
	%D%/svg.h \
	%D%/top-draw.c \
	%D%/top-draw.h \
	%D%/top-keys.c \
	%D%/top-keys.h \
	%D%/top-read.c \
	%D%/top-read.h \
	%D%/top-run.c \
	%D%/top-run.h \
	%D%/top-term.c \
	%D%/top-term.h \
	%D%/top.h \
	%D%/vm-start.c \
	%D%/vm-start.h \
	%D%/xl.c \
	%D%/xl.h \
	$(NULL)
%C%_libcli_la_LIBADD = \
	balancerd/proto/libproto.la \
	balancerd/util/libutil.la \
	$(JSON_C_LIBS) $(NCURSES_LIBS) \
	$(NULL)

sbin_PROGRAMS += %D%/balancerctl
%C%_balancerctl_SOURCES = %D%/main.c
%C%_balancerctl_LDADD = %D%/libcli.la
