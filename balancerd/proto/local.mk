# SPDX-License-Identifier: LGPL-2.1-or-later
#
# What goes over xenstore and the control socket, spelled once.

noinst_LTLIBRARIES += %D%/libproto.la
%C%_libproto_la_SOURCES = \
	%D%/fields-daemon.h \
	%D%/fields-lend.h \
	%D%/fields-load.h \
	%D%/fields-plan.h \
	%D%/fields-peer.h \
	%D%/fields-swap.h \
	%D%/fields.h \
	%D%/keys.c \
	%D%/keys.h \
	%D%/offer.c \
	%D%/offer.h \
	%D%/lease.h \
	%D%/params.h \
	%D%/request-error.h \
	%D%/request-json.c \
	%D%/request-json.h \
	%D%/request.c \
	%D%/request.h \
	%D%/sample.c \
	%D%/sample.h \
	%D%/swap-header.c \
	%D%/swap-header.h \
	%D%/synopsis.c \
	%D%/synopsis.h \
	$(NULL)
nodist_%C%_libproto_la_SOURCES = %D%/synopsis-text.c

# Verbs and usage texts are those of the man page.
%D%/synopsis-text.c: man/balancerctl.synopsis scripts/gen-synopsis
	$(AM_V_GEN)$(MKDIR_P) $(@D) && \
	    $(srcdir)/scripts/gen-synopsis < $(srcdir)/man/balancerctl.synopsis > $@.tmp && \
	    mv $@.tmp $@
BUILT_SOURCES += %D%/synopsis-text.c
CLEANFILES += %D%/synopsis-text.c
EXTRA_DIST += man/balancerctl.synopsis scripts/gen-synopsis
