# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Who needs remote swap, and who can lend.

noinst_LTLIBRARIES += %D%/librswap.la
%C%_librswap_la_SOURCES = \
	%D%/ladder.c \
	%D%/ladder.h \
	%D%/nbd-hello.c \
	%D%/nbd-hello.h \
	%D%/rswap-args.c \
	%D%/rswap-args.h \
	%D%/rswap-failure.c \
	%D%/rswap-failure.h \
	%D%/rswap-leg.c \
	%D%/rswap-leg.h \
	%D%/rswap-serve.c \
	%D%/rswap-serve.h \
	%D%/rswap-steps.c \
	%D%/rswap-steps.h \
	%D%/rswap-volume.c \
	%D%/rswap-volume.h \
	%D%/thrash.c \
	%D%/thrash.h \
	%D%/volume.c \
	%D%/volume.h \
	$(NULL)

# A one-shot child, with the only files that see libxl and libmnl.
if HAVE_XEN
balancerlibexec_PROGRAMS += %D%/rswap-attach
%C%_rswap_attach_SOURCES = \
	balancerd/xl-log.c \
	balancerd/xl-log.h \
	%D%/nbd-dial.c \
	%D%/nbd-dial.h \
	%D%/nbd-link.c \
	%D%/nbd-link.h \
	%D%/rswap-attach-vbd.c \
	%D%/rswap-attach-vbd.h \
	%D%/rswap-attach.c \
	%D%/rswap-build.c \
	%D%/rswap-child.c \
	%D%/rswap-child.h \
	%D%/rswap-file.c \
	%D%/rswap-file.h \
	%D%/rswap-job.h \
	%D%/rswap-label.c \
	%D%/rswap-label.h \
	%D%/rswap-legs.c \
	%D%/rswap-lock.c \
	%D%/rswap-lock.h \
	%D%/rswap-look.c \
	%D%/rswap-look.h \
	%D%/rswap-nbd.c \
	%D%/rswap-nbd.h \
	%D%/rswap-report.c \
	%D%/rswap-report.h \
	%D%/rswap-stack.c \
	%D%/rswap-stack.h \
	%D%/rswap-store.c \
	%D%/rswap-store.h \
	%D%/rswap-sysfs.c \
	%D%/rswap-sysfs.h \
	%D%/rswap-withdraw.c \
	$(NULL)
%C%_rswap_attach_CPPFLAGS = \
	$(AM_CPPFLAGS) $(XENLIGHT_CFLAGS) $(XENSTORE_CFLAGS) $(MNL_CFLAGS)
%C%_rswap_attach_LDADD = \
	%D%/librswap.la \
	balancerd/proto/libproto.la \
	balancerd/util/libutil.la \
	$(XENLIGHT_LIBS) $(XEN_LIBS) $(JSON_C_LIBS) $(MNL_LIBS) \
	$(NULL)

balancerlibexec_PROGRAMS += %D%/rswap-hotplug
%C%_rswap_hotplug_SOURCES = %D%/rswap-hotplug.c
%C%_rswap_hotplug_CPPFLAGS = $(AM_CPPFLAGS) $(XENSTORE_CFLAGS)
%C%_rswap_hotplug_LDADD = $(XENSTORE_LIBS)
endif

# The lender: all but the plugin's glue, so that tests need no nbdkit.
noinst_LTLIBRARIES += %D%/liblend.la
%C%_liblend_la_SOURCES = \
	%D%/lease-private.h \
	%D%/lease-use.c \
	%D%/lease-use.h \
	%D%/lend-control.c \
	%D%/lend-control.h \
	%D%/lend-verbs.c \
	%D%/lend-verbs.h \
	%D%/lend.c \
	%D%/lend.h \
	%D%/store-arena.c \
	%D%/store-arena.h \
	%D%/store-pages.c \
	%D%/store-pages.h \
	%D%/store-table.c \
	%D%/store-table.h \
	$(NULL)
%C%_liblend_la_CFLAGS = $(AM_CFLAGS) -pthread
%C%_liblend_la_LIBADD = balancerd/libdaemon.la $(EVENT_LIBS)

# The plugin's functions come from the program that loads it.
EXTRA_DIST += %D%/lendmem.c
if HAVE_NBDKIT
nbdkitplugin_LTLIBRARIES += %D%/nbdkit-lendmem-plugin.la
%C%_nbdkit_lendmem_plugin_la_SOURCES = %D%/lendmem.c
%C%_nbdkit_lendmem_plugin_la_CPPFLAGS = $(AM_CPPFLAGS) $(NBDKIT_CFLAGS)
%C%_nbdkit_lendmem_plugin_la_CFLAGS = $(AM_CFLAGS) -pthread
%C%_nbdkit_lendmem_plugin_la_LDFLAGS = $(HARDENING_LDFLAGS) $(GCOV_CFLAGS) \
	-module -avoid-version -shared -pthread
%C%_nbdkit_lendmem_plugin_la_LIBADD = %D%/liblend.la
endif
