# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Man pages, written in pod; the built pages are in the tarball.

man_pages = \
	%D%/balancer-agent.8 \
	%D%/balancerctl.8 \
	%D%/balancerd.8 \
	%D%/balancerd.conf.5 \
	%D%/xbp-engines.7 \
	%D%/rswap-attach.8 \
	%D%/nbdkit-lendmem-plugin.1 \
	%D%/xbp-policy.3 \
	$(NULL)
dist_man_MANS += $(man_pages)
MAINTAINERCLEANFILES = $(man_pages)

man_sources = \
	%D%/balancer-agent.pod \
	%D%/balancerctl.pod \
	%D%/balancerd.conf.pod \
	%D%/balancerd.pod \
	%D%/xbp-engines.pod \
	%D%/rswap-attach.pod \
	%D%/nbdkit-lendmem-plugin.pod \
	%D%/xbp-policy.pod \
	$(NULL)
EXTRA_DIST += $(man_sources)

# $(call make_page,SECTION)
make_page = $(AM_V_GEN)$(MKDIR_P) $(@D) && $(POD2MAN) --utf8 --errors=stderr \
	--section=$(1) --center='Xen Balancer' --release='$(VERSION)' \
	--name='$(basename $(@F))' $< $@.tmp && mv $@.tmp $@

%D%/%.1: %D%/%.pod
	$(call make_page,1)
%D%/%.3: %D%/%.pod
	$(call make_page,3)
%D%/%.5: %D%/%.pod
	$(call make_page,5)
%D%/%.7: %D%/%.pod
	$(call make_page,7)
%D%/%.8: %D%/%.pod
	$(call make_page,8)
