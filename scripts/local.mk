# SPDX-License-Identifier: LGPL-2.1-or-later
#
# What is installed beside the programs, and the developers' commands.

substitute = $(AM_V_GEN)$(MKDIR_P) $(@D) && sed \
	-e 's|@sbindir[@]|$(sbindir)|g' \
	-e 's|@libexecdir[@]|$(balancerlibexecdir)|g' \
	-e 's|@confdir[@]|$(confdir)|g' \
	-e 's|@statedir[@]|$(localstatedir)/lib/balancerd|g' \
	-e 's|@rundir[@]|$(runstatedir)/balancerd|g' \
	-e 's|@nbdkitplugindir[@]|$(nbdkitplugindir)|g' \
	-e 's|@policydir[@]|$(policydir)|g' \
	-e 's|@VERSION[@]|$(VERSION)|g'

if HAVE_SYSTEMD
systemdsystemunit_DATA = %D%/balancerd.service
if HAVE_XEN
systemdsystemunit_DATA += \
	%D%/balancer-agent.service \
	%D%/balancerd-swap.socket \
	%D%/balancerd-swap@.service \
	$(NULL)
endif
endif
if HAVE_SYSTEMD
if HAVE_NBDKIT
systemdsystemunit_DATA += %D%/balancerd-lender.service
endif
endif
%D%/balancerd-lender.service: %D%/balancerd-lender.service.in Makefile
	$(substitute) $(srcdir)/%D%/balancerd-lender.service.in > $@
%D%/balancerd.service: %D%/balancerd.service.in Makefile
	$(substitute) $(srcdir)/%D%/balancerd.service.in > $@
%D%/balancerd-swap.socket: %D%/balancerd-swap.socket.in Makefile
	$(substitute) $(srcdir)/%D%/balancerd-swap.socket.in > $@
%D%/balancerd-swap@.service: %D%/balancerd-swap@.service.in Makefile
	$(substitute) $(srcdir)/%D%/balancerd-swap@.service.in > $@
%D%/balancer-agent.service: %D%/balancer-agent.service.in Makefile
	$(substitute) $(srcdir)/%D%/balancer-agent.service.in > $@

# For guests; whoever installs it knows where it goes.
if HAVE_XEN
pkgdata_SCRIPTS = %D%/balancer-agent.init
dist_pkgdata_DATA = %D%/85-rswap-guest.rules
endif
# For domain 0.
if HAVE_XEN
udevrulesdir = $(prefix)/lib/udev/rules.d
dist_udevrules_DATA = %D%/60-rswap.rules
endif
%D%/balancer-agent.init: %D%/balancer-agent.init.in Makefile
	$(substitute) $(srcdir)/%D%/balancer-agent.init.in > $@
	$(AM_V_at)chmod +x $@
made_files = \
	%D%/balancer-agent.init \
	%D%/balancer-agent.service \
	%D%/balancerd-lender.service \
	%D%/balancerd-swap.socket \
	%D%/balancerd-swap@.service \
	%D%/balancerd.service \
	$(NULL)
CLEANFILES += $(made_files)
EXTRA_DIST += $(made_files:%=%.in)

# A configuration that is there already is left alone; only our own is removed.
installed_conf = $(DESTDIR)$(confdir)/balancerd.conf
install-data-local:
	$(MKDIR_P) $(DESTDIR)$(confdir)/balancerd.conf.d
	test -e $(installed_conf) || \
	    $(INSTALL_DATA) $(srcdir)/%D%/balancerd.conf $(installed_conf)
uninstall-local:
	! cmp -s $(srcdir)/%D%/balancerd.conf $(installed_conf) || \
	    rm -f $(installed_conf)
EXTRA_DIST += %D%/balancerd.conf

bashcompletiondir = $(datadir)/bash-completion/completions
dist_bashcompletion_DATA = %D%/completion/balancerctl

# For administrators to read and change.
examplesdir = $(docdir)/examples
dist_examples_SCRIPTS = \
	%D%/examples/alarm-when-stuck \
	%D%/examples/start-when-granted \
	$(NULL)

dashboarddir = $(docdir)/examples
dist_dashboard_DATA = %D%/grafana/xen-balancer.json

developer_scripts = \
	%D%/analyse \
	%D%/build \
	%D%/check-dist \
	%D%/check-includes \
	%D%/check-install \
	%D%/check-packages \
	%D%/check-selftest \
	%D%/check-sizes \
	%D%/demo \
	%D%/demo.d/on-sim \
	%D%/demo.d/on-xen \
	%D%/demo.d/sim-bin/xl \
	%D%/demo.d/sim-bin/xl-need \
	%D%/demo.d/story.sh \
	%D%/fuzz-smoke \
	%D%/setup \
	%D%/test \
	%D%/xen-balancer.spec \
	$(NULL)
EXTRA_DIST += $(developer_scripts)
