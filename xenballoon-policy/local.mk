# SPDX-License-Identifier: LGPL-2.1-or-later
#
# The policy engines.  Each is built twice from the same source: into the
# daemon, where its entry point is called NAME_policy_init, and as a module,
# whose only symbol is xbp_policy_init.  A new engine is one such block.

xbpincludedir = $(includedir)/xenballoon-policy
xbpinclude_HEADERS = %D%/xbp-register.h %D%/xbp.h
pkgconfig_DATA += %D%/xenballoon-policy.pc

engine_link_flags = $(HARDENING_LDFLAGS) $(MODULE_LDFLAGS) $(SAN_CFLAGS) \
	$(GCOV_CFLAGS) -module -avoid-version -shared \
	-Wl,--version-script=$(srcdir)/%D%/policy.syms

noinst_LTLIBRARIES += %D%/libxbp-util.la
%C%_libxbp_util_la_SOURCES = \
	%D%/xbp-level.c \
	%D%/xbp-level.h \
	%D%/xbp-memory.c \
	%D%/xbp-memory.h \
	%D%/xbp-option.c \
	%D%/xbp-option.h \
	%D%/xbp-util.c \
	%D%/xbp-util.h \
	$(NULL)

noinst_LTLIBRARIES += %D%/libengines.la
%C%_libengines_la_SOURCES =
%C%_libengines_la_LIBADD = \
	%D%/libdemand.la \
	%D%/libmom.la \
	%D%/libproportional.la \
	%D%/libproxmox.la \
	%D%/libqmemman.la \
	%D%/libshares.la \
	%D%/libstatic.la \
	%D%/libxbp-util.la \
	$(NULL)

# proportional: equal (target - min) / (max - min) for all
policy_LTLIBRARIES += %D%/proportional.la
%C%_proportional_la_SOURCES = %D%/proportional.c
%C%_proportional_la_LDFLAGS = $(engine_link_flags)
%C%_proportional_la_LIBADD = %D%/libxbp-util.la
noinst_LTLIBRARIES += %D%/libproportional.la
%C%_libproportional_la_SOURCES = %D%/proportional.c
%C%_libproportional_la_CPPFLAGS = $(AM_CPPFLAGS) -DXBP_BUILTIN

# mom: oVirt mom's default rules
policy_LTLIBRARIES += %D%/mom.la
%C%_mom_la_SOURCES = %D%/mom.c
%C%_mom_la_LDFLAGS = $(engine_link_flags)
%C%_mom_la_LIBADD = %D%/libxbp-util.la
noinst_LTLIBRARIES += %D%/libmom.la
%C%_libmom_la_SOURCES = %D%/mom.c
%C%_libmom_la_CPPFLAGS = $(AM_CPPFLAGS) -DXBP_BUILTIN

# proxmox: Proxmox VE's automatic ballooning
policy_LTLIBRARIES += %D%/proxmox.la
%C%_proxmox_la_SOURCES = %D%/proxmox.c
%C%_proxmox_la_LDFLAGS = $(engine_link_flags)
%C%_proxmox_la_LIBADD = %D%/libxbp-util.la
noinst_LTLIBRARIES += %D%/libproxmox.la
%C%_libproxmox_la_SOURCES = %D%/proxmox.c
%C%_libproxmox_la_CPPFLAGS = $(AM_CPPFLAGS) -DXBP_BUILTIN

# qmemman: Qubes OS's rule
policy_LTLIBRARIES += %D%/qmemman.la
%C%_qmemman_la_SOURCES = %D%/qmemman.c
%C%_qmemman_la_LDFLAGS = $(engine_link_flags)
%C%_qmemman_la_LIBADD = %D%/libxbp-util.la
noinst_LTLIBRARIES += %D%/libqmemman.la
%C%_libqmemman_la_SOURCES = %D%/qmemman.c
%C%_libqmemman_la_CPPFLAGS = $(AM_CPPFLAGS) -DXBP_BUILTIN

# shares: ESX's shares per page with an idle memory tax
policy_LTLIBRARIES += %D%/shares.la
%C%_shares_la_SOURCES = %D%/shares.c
%C%_shares_la_LDFLAGS = $(engine_link_flags)
%C%_shares_la_LIBADD = %D%/libxbp-util.la
noinst_LTLIBRARIES += %D%/libshares.la
%C%_libshares_la_SOURCES = %D%/shares.c
%C%_libshares_la_CPPFLAGS = $(AM_CPPFLAGS) -DXBP_BUILTIN

# static: as they began, squeezed where it must be
policy_LTLIBRARIES += %D%/static.la
%C%_static_la_SOURCES = %D%/static.c
%C%_static_la_LDFLAGS = $(engine_link_flags)
%C%_static_la_LIBADD = %D%/libxbp-util.la
noinst_LTLIBRARIES += %D%/libstatic.la
%C%_libstatic_la_SOURCES = %D%/static.c
%C%_libstatic_la_CPPFLAGS = $(AM_CPPFLAGS) -DXBP_BUILTIN

# demand: memory goes where it is lacked
policy_LTLIBRARIES += %D%/demand.la
%C%_demand_la_SOURCES = \
	%D%/demand-base.c \
	%D%/demand-base.h \
	%D%/demand-lack.c \
	%D%/demand-lack.h \
	%D%/demand-need.c \
	%D%/demand-need.h \
	%D%/demand-rules.c \
	%D%/demand-rules.h \
	%D%/demand-share.c \
	%D%/demand-share.h \
	%D%/demand-trial.c \
	%D%/demand-trial.h \
	%D%/demand-words.c \
	%D%/demand-words.h \
	%D%/demand.c \
	$(NULL)
%C%_demand_la_LDFLAGS = $(engine_link_flags)
%C%_demand_la_LIBADD = %D%/libxbp-util.la
noinst_LTLIBRARIES += %D%/libdemand.la
%C%_libdemand_la_SOURCES = $(%C%_demand_la_SOURCES)
%C%_libdemand_la_CPPFLAGS = $(AM_CPPFLAGS) -DXBP_BUILTIN

EXTRA_DIST += %D%/policy.syms
