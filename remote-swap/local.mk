# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Who needs remote swap, and who can lend.

noinst_LTLIBRARIES += %D%/librswap.la
%C%_librswap_la_SOURCES = \
	%D%/thrash.c \
	%D%/thrash.h \
	$(NULL)

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
