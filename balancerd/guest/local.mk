# SPDX-License-Identifier: LGPL-2.1-or-later
#
# balancer-agent, which runs in guests: it needs libc and libxenstore only.

noinst_LTLIBRARIES += %D%/libagent.la
%C%_libagent_la_SOURCES = \
	balancerd/log.c \
	balancerd/log.h \
	balancerd/process.c \
	balancerd/process.h \
	%D%/news.c \
	%D%/news.h \
	%D%/options.c \
	%D%/options.h \
	%D%/proc-parse.c \
	%D%/proc-parse.h \
	%D%/proc-read.c \
	%D%/proc-read.h \
	%D%/swap-areas.c \
	%D%/swap-areas.h \
	%D%/swap-decide.c \
	%D%/swap-decide.h \
	$(NULL)
%C%_libagent_la_LIBADD = \
	balancerd/proto/libproto.la \
	balancerd/util/libutil.la \
	$(NULL)

if HAVE_XEN
noinst_LTLIBRARIES += %D%/libagentstore.la
%C%_libagentstore_la_SOURCES = %D%/store.c %D%/store.h
%C%_libagentstore_la_CPPFLAGS = $(AM_CPPFLAGS) $(XENSTORE_CFLAGS)

sbin_PROGRAMS += %D%/balancer-agent
%C%_balancer_agent_SOURCES = \
	%D%/main.c \
	%D%/swap-device.c \
	%D%/swap-device.h \
	%D%/swap-move.c \
	%D%/swap-move.h \
	%D%/swap-tasks.c \
	%D%/swap-tasks.h \
	$(NULL)
%C%_balancer_agent_LDADD = %D%/libagentstore.la %D%/libagent.la $(XENSTORE_LIBS)
if STATIC_AGENT
%C%_balancer_agent_LDFLAGS = $(HARDENING_LDFLAGS) -all-static
endif
endif
