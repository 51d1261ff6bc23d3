# SPDX-License-Identifier: LGPL-2.1-or-later
#
# All tests.  A new test is one line in its list.

TEST_EXTENSIONS = .sh .scn
SH_LOG_COMPILER = bash
SCN_LOG_COMPILER = $(abs_top_builddir)/tests/sim/run-scenarios

# Freed and fresh memory is filled with this byte and its complement; a unit test
# hangs only if it takes longer than this, in seconds (check: 4).
AM_TESTS_ENVIRONMENT = \
	CK_DEFAULT_TIMEOUT=$${CK_DEFAULT_TIMEOUT:-60}; export CK_DEFAULT_TIMEOUT; \
	MALLOC_PERTURB_=$${MALLOC_PERTURB_:-165}; export MALLOC_PERTURB_; \
	abs_top_srcdir='$(abs_top_srcdir)'; export abs_top_srcdir; \
	abs_top_builddir='$(abs_top_builddir)'; export abs_top_builddir;

# unit: one program each, made of NAME.c; what they share
unit_tests = \
	%D%/unit/check_adopt \
	%D%/unit/check_changes \
	%D%/unit/check_conf \
	%D%/unit/check_engine_mom \
	%D%/unit/check_engine_properties \
	%D%/unit/check_engine_proxmox \
	%D%/unit/check_engine_qmemman \
	%D%/unit/check_engine_shares \
	%D%/unit/check_engine_static \
	%D%/unit/check_demand \
	%D%/unit/check_demand_lessons \
	%D%/unit/check_demand_need \
	%D%/unit/check_demand_share \
	%D%/unit/check_demand_wishes \
	%D%/unit/check_engines \
	%D%/unit/check_events \
	%D%/unit/check_errand \
	%D%/unit/check_explain \
	%D%/unit/check_explain_change \
	%D%/unit/check_guard \
	%D%/unit/check_guest \
	%D%/unit/check_history \
	%D%/unit/check_identity \
	%D%/unit/check_lend \
	%D%/unit/check_lend_verbs \
	%D%/unit/check_lent \
	%D%/unit/check_ladder \
	%D%/unit/check_load \
	%D%/unit/check_lock \
	%D%/unit/check_log \
	%D%/unit/check_metrics \
	%D%/unit/check_news \
	%D%/unit/check_nbd_hello \
	%D%/unit/check_notify \
	%D%/unit/check_offer \
	%D%/unit/check_overhead \
	%D%/unit/check_overhead_watch \
	%D%/unit/check_pain \
	%D%/unit/check_parse \
	%D%/unit/check_peer_auth \
	%D%/unit/check_peer_proto \
	%D%/unit/check_peers_file \
	%D%/unit/check_picture \
	%D%/unit/check_plan \
	%D%/unit/check_plugin \
	%D%/unit/check_policy \
	%D%/unit/check_policy_file \
	%D%/unit/check_press \
	%D%/unit/check_proc \
	%D%/unit/check_pool \
	%D%/unit/check_properties \
	%D%/unit/check_record \
	%D%/unit/check_request \
	%D%/unit/check_reserve \
	%D%/unit/check_sample \
	%D%/unit/check_rswap \
	%D%/unit/check_settings \
	%D%/unit/check_sim \
	%D%/unit/check_snapshot \
	%D%/unit/check_sim_memory \
	%D%/unit/check_squeeze \
	%D%/unit/check_status \
	%D%/unit/check_top \
	%D%/unit/check_swap_child \
	%D%/unit/check_volume \
	%D%/unit/check_xbp \
	%D%/unit/check_swap_lease \
	%D%/unit/check_thrash \
	%D%/unit/check_trial \
	%D%/unit/check_store \
	%D%/unit/check_store_memory \
	$(NULL)
unit_support = \
	%D%/unit/engine-world.c \
	%D%/unit/engine-world.h \
	%D%/unit/random-world.c \
	%D%/unit/random-world.h \
	%D%/unit/unit.c \
	%D%/unit/unit.h \
	%D%/unit/world.c \
	%D%/unit/world.h \
	$(NULL)
check_LTLIBRARIES += %D%/unit/libsupport.la
%C%_unit_libsupport_la_SOURCES = $(unit_support)
LDADD = tests/unit/libsupport.la balancerd/libbalancer.la $(CHECK_LIBS)
%C%_unit_check_lend_LDADD = remote-swap/liblend.la $(LDADD)
%C%_unit_check_lend_LDFLAGS = $(AM_LDFLAGS) -pthread
%C%_unit_check_lend_verbs_LDADD = remote-swap/liblend.la $(LDADD)
%C%_unit_check_lend_verbs_LDFLAGS = $(AM_LDFLAGS) -pthread
%C%_unit_check_store_memory_LDADD = remote-swap/liblend.la $(LDADD)
%C%_unit_check_store_memory_LDFLAGS = $(AM_LDFLAGS) -pthread
%C%_unit_check_store_LDADD = remote-swap/liblend.la $(LDADD)
%C%_unit_check_store_LDFLAGS = $(AM_LDFLAGS) -pthread
%C%_unit_check_picture_LDADD = balancerd/cli/libcli.la $(LDADD)
%C%_unit_check_top_LDADD = balancerd/cli/libcli.la $(LDADD)
%C%_unit_check_news_LDADD = balancerd/guest/libagent.la $(LDADD)
%C%_unit_check_offer_LDADD = balancerd/guest/libagent.la $(LDADD)
%C%_unit_check_proc_LDADD = balancerd/guest/libagent.la $(LDADD)

# what the real host keeps of xenstore, with a xenstore of its own
unit_xen_tests = \
	%D%/unit/check_agent_store \
	%D%/unit/check_vbd \
	%D%/unit/check_xen_cache \
	%D%/unit/check_xen_flood \
	%D%/unit/check_xen_store \
	$(NULL)
%C%_unit_check_agent_store_SOURCES = \
	%D%/unit/check_agent_store.c \
	%D%/unit/fake-xenstore.c \
	%D%/unit/fake-xenstore.h \
	$(NULL)
%C%_unit_check_agent_store_CPPFLAGS = $(AM_CPPFLAGS) $(XEN_CFLAGS)
%C%_unit_check_agent_store_LDADD = balancerd/guest/libagentstore.la $(LDADD)
%C%_unit_check_xen_cache_SOURCES = \
	%D%/unit/check_xen_cache.c \
	%D%/unit/fake-xenstore.c \
	%D%/unit/fake-xenstore.h \
	$(NULL)
%C%_unit_check_xen_cache_CPPFLAGS = $(AM_CPPFLAGS) $(XEN_CFLAGS)
%C%_unit_check_xen_cache_LDADD = balancerd/libhostxen.la $(LDADD)
%C%_unit_check_xen_store_SOURCES = \
	%D%/unit/check_xen_store.c \
	%D%/unit/fake-xenstore.c \
	%D%/unit/fake-xenstore.h \
	$(NULL)
%C%_unit_check_xen_store_CPPFLAGS = $(AM_CPPFLAGS) $(XEN_CFLAGS)
%C%_unit_check_xen_store_LDADD = balancerd/libhostxen.la $(LDADD)
%C%_unit_check_vbd_LDADD = balancerd/libhostxen.la $(LDADD)
%C%_unit_check_xen_flood_LDADD = balancerd/libhostxen.la $(LDADD)

unit_programs = $(unit_tests)
if HAVE_XEN
unit_programs += $(unit_xen_tests)
endif
if HAVE_CHECK
check_PROGRAMS += $(unit_programs)
TESTS += $(unit_programs)
endif

# sim: scenario files, played by one program
check_LTLIBRARIES += %D%/sim/libplay.la
%C%_sim_libplay_la_SOURCES = \
	%D%/sim/play-compare.c \
	%D%/sim/play-condition.c \
	%D%/sim/play-condition.h \
	%D%/sim/play-expect.c \
	%D%/sim/play-record.c \
	%D%/sim/play-requests.c \
	%D%/sim/play-rules.c \
	%D%/sim/play-series.c \
	%D%/sim/play.c \
	%D%/sim/play.h \
	%D%/sim/script-request.c \
	%D%/sim/script-request.h \
	%D%/sim/script.c \
	%D%/sim/script.h \
	$(NULL)
%C%_sim_libplay_la_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/%D%/sim
check_PROGRAMS += %D%/sim/run-scenarios %D%/sim/judge
%C%_sim_run_scenarios_SOURCES = %D%/sim/run-scenarios.c
%C%_sim_run_scenarios_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/%D%/sim
%C%_sim_run_scenarios_LDADD = tests/sim/libplay.la balancerd/libbalancer.la
%C%_sim_judge_SOURCES = \
	%D%/sim/judge-engines.c \
	%D%/sim/judge.c \
	%D%/sim/oracle.c \
	%D%/sim/oracle.h \
	$(NULL)
%C%_sim_judge_CPPFLAGS = $(AM_CPPFLAGS) -DXBP_BUILTIN -I$(srcdir)/%D%/sim
%C%_sim_judge_LDADD = tests/sim/libplay.la balancerd/libbalancer.la
scenarios = \
	%D%/sim/100-squeezed-a.scn \
	%D%/sim/101-squeezed-b.scn \
	%D%/sim/102-squeezed-c.scn \
	%D%/sim/103-squeezed-d.scn \
	%D%/sim/104-squeezed-e.scn \
	%D%/sim/105-squeezed-f.scn \
	%D%/sim/106-squeezed-g.scn \
	%D%/sim/107-squeezed-h.scn \
	%D%/sim/120-qmemman-meminfo.scn \
	%D%/sim/121-qmemman-prefmem-dom0.scn \
	%D%/sim/122-qmemman-prefmem-domU.scn \
	%D%/sim/123-qmemman-needed.scn \
	%D%/sim/124-qmemman-balloon.scn \
	%D%/sim/125-qmemman-enough.scn \
	%D%/sim/126-qmemman-low.scn \
	%D%/sim/200-stuck.scn \
	%D%/sim/201-slow.scn \
	%D%/sim/202-flapping.scn \
	%D%/sim/203-vanishing.scn \
	%D%/sim/204-lying.scn \
	%D%/sim/205-booting.scn \
	%D%/sim/206-paused.scn \
	%D%/sim/207-no-balloon.scn \
	%D%/sim/208-mute.scn \
	%D%/sim/209-offset.scn \
	%D%/sim/210-ceiling.scn \
	%D%/sim/211-jitter.scn \
	%D%/sim/212-learned-floor.scn \
	%D%/sim/213-paused-midway.scn \
	%D%/sim/300-two-at-once.scn \
	%D%/sim/301-range.scn \
	%D%/sim/302-ttl.scn \
	%D%/sim/303-release.scn \
	%D%/sim/304-transfer.scn \
	%D%/sim/305-key.scn \
	%D%/sim/306-timeout.scn \
	%D%/sim/307-no-wait.scn \
	%D%/sim/308-restart.scn \
	%D%/sim/309-orphan.scn \
	%D%/sim/310-store-fails.scn \
	%D%/sim/311-first-come.scn \
	%D%/sim/312-promise.scn \
	%D%/sim/313-key-after-restart.scn \
	%D%/sim/314-range-less.scn \
	%D%/sim/315-for-next.scn \
	%D%/sim/316-for-next-restart.scn \
	%D%/sim/320-errand.scn \
	%D%/sim/321-errand-ttl.scn \
	%D%/sim/322-errand-changed.scn \
	%D%/sim/323-errand-restart.scn \
	%D%/sim/324-errand-domain.scn \
	%D%/sim/325-errand-store-fails.scn \
	%D%/sim/330-status.scn \
	%D%/sim/400-thrash-undone.scn \
	%D%/sim/401-thrash-kept.scn \
	%D%/sim/402-thrash-squeezed.scn \
	%D%/sim/403-file-scan.scn \
	%D%/sim/404-heavy-swap.scn \
	%D%/sim/405-swap-flapping.scn \
	%D%/sim/406-agent-dies.scn \
	%D%/sim/407-thrash-again.scn \
	%D%/sim/408-swap-seen.scn \
	%D%/sim/410-swap-ladder.scn \
	%D%/sim/410-dom0-unmanaged.scn \
	%D%/sim/411-dom0-managed.scn \
	%D%/sim/412-host-reserve.scn \
	%D%/sim/413-oom-floor.scn \
	%D%/sim/420-storm.scn \
	%D%/sim/430-dead-band.scn \
	%D%/sim/431-rest.scn \
	%D%/sim/440-destroyed-all.scn \
	%D%/sim/441-domid-again.scn \
	%D%/sim/450-bad-range.scn \
	%D%/sim/451-range-keys.scn \
	%D%/sim/452-foreign-target.scn \
	%D%/sim/453-garbled-range.scn \
	%D%/sim/460-maxmem.scn \
	%D%/sim/470-xen-takes.scn \
	%D%/sim/471-shutdown.scn \
	%D%/sim/472-no-range.scn \
	%D%/sim/480-settings-last.scn \
	%D%/sim/481-weights.scn \
	%D%/sim/482-pin.scn \
	%D%/sim/483-settings-misfit.scn \
	%D%/sim/500-events.scn \
	%D%/sim/501-events-flood.scn \
	%D%/sim/490-overhead-lesson.scn \
	%D%/sim/491-overhead-soon.scn \
	$(NULL)
TESTS += $(scenarios)
# judged, not played: what engines let guests suffer
judged_scenarios = \
	%D%/sim/engines/01-taking-turns.scn \
	%D%/sim/engines/02-one-hog.scn \
	%D%/sim/engines/03-boot-storm.scn \
	%D%/sim/engines/04-file-scan.scn \
	%D%/sim/engines/05-database-cache.scn \
	%D%/sim/engines/06-liar.scn \
	%D%/sim/engines/07-idle-desktops.scn \
	%D%/sim/engines/08-thousand.scn \
	%D%/sim/engines/09-day-and-night.scn \
	%D%/sim/engines/10-slow-leak.scn \
	%D%/sim/engines/11-big-start.scn \
	%D%/sim/engines/12-backup-night.scn \
	%D%/sim/engines/13-file-server.scn \
	%D%/sim/engines/14-sudden-liar.scn \
	%D%/sim/engines/15-developer-laptop.scn \
	%D%/sim/engines/16-four-tib.scn \
	%D%/sim/engines/17-two-spikes.scn \
	%D%/sim/engines/18-everyone-at-once.scn \
	%D%/sim/engines/19-stuck-windows.scn \
	%D%/sim/engines/20-flapping.scn \
	%D%/sim/engines/21-domain-zero-in-need.scn \
	%D%/sim/engines/22-host-shrinks.scn \
	%D%/sim/engines/23-agents-fall-silent.scn \
	%D%/sim/engines/24-no-agents.scn \
	%D%/sim/engines/25-late-agents.scn \
	%D%/sim/engines/26-meminfo-only.scn \
	%D%/sim/engines/27-important-and-busy.scn \
	%D%/sim/engines/28-important-but-idle.scn \
	%D%/sim/engines/29-disk-swap-tight.scn \
	%D%/sim/engines/30-remote-swap.scn \
	%D%/sim/engines/31-no-swap.scn \
	%D%/sim/engines/32-idle-then-burst.scn \
	%D%/sim/engines/33-random-batch.scn \
	%D%/sim/engines/34-short-for-all.scn \
	%D%/sim/engines/35-coming-and-going.scn \
	%D%/sim/engines/36-garbage-collector.scn \
	%D%/sim/engines/37-small-turns.scn \
	%D%/sim/engines/38-migrations-in.scn \
	%D%/sim/engines/39-storage-guest.scn \
	%D%/sim/engines/40-ci-farm.scn \
	%D%/sim/engines/41-windows-fleet.scn \
	%D%/sim/engines/42-monday-morning.scn \
	%D%/sim/engines/43-four-gib.scn \
	%D%/sim/engines/44-batch-and-web.scn \
	%D%/sim/engines/45-half-with-agents.scn \
	%D%/sim/engines/46-restarted-balancer.scn \
	%D%/sim/engines/47-overcommitted-hosting.scn \
	%D%/sim/engines/48-two-time-zones.scn \
	%D%/sim/engines/49-bursty-builds.scn \
	%D%/sim/engines/50-java-heaps.scn \
	%D%/sim/engines/51-warm-up.scn \
	%D%/sim/engines/52-nine-o-clock.scn \
	%D%/sim/engines/53-cron-daily.scn \
	%D%/sim/engines/54-interactive-first.scn \
	%D%/sim/engines/55-hundred-shops.scn \
	%D%/sim/engines/56-one-is-mute.scn \
	%D%/sim/engines/57-hot-add.scn \
	$(NULL)
sim_scripts = %D%/sim/judged.sh %D%/sim/replayed.sh
TESTS += $(sim_scripts)
EXTRA_DIST += $(scenarios) $(judged_scenarios) $(sim_scripts) %D%/sim/README.md
EXTRA_DIST += %D%/sim/recorded-on-xen.rec

# cli, doc, abi: scripts
cli_tests = \
	%D%/cli/agent.sh \
	%D%/cli/ahead.sh \
	%D%/cli/borrow.sh \
	%D%/cli/completion.sh \
	%D%/cli/config-show.sh \
	%D%/cli/crowd.sh \
	%D%/cli/daemon-conf.sh \
	%D%/cli/daemon-instance.sh \
	%D%/cli/daemon-notify.sh \
	%D%/cli/daemon-options.sh \
	%D%/cli/daemon-reload.sh \
	%D%/cli/engines-built-in.sh \
	%D%/cli/engines-last.sh \
	%D%/cli/engines.sh \
	%D%/cli/errors.sh \
	%D%/cli/events.sh \
	%D%/cli/free-up.sh \
	%D%/cli/errand.sh \
	%D%/cli/growing.sh \
	%D%/cli/history.sh \
	%D%/cli/halted.sh \
	%D%/cli/hostile.sh \
	%D%/cli/lend-managed.sh \
	%D%/cli/lend.sh \
	%D%/cli/limits.sh \
	%D%/cli/look.sh \
	%D%/cli/metrics.sh \
	%D%/cli/overhead.sh \
	%D%/cli/param.sh \
	%D%/cli/peers.sh \
	%D%/cli/permission.sh \
	%D%/cli/protocol.sh \
	%D%/cli/range.sh \
	%D%/cli/record.sh \
	%D%/cli/refuse.sh \
	%D%/cli/reserve.sh \
	%D%/cli/select.sh \
	%D%/cli/settings.sh \
	%D%/cli/swap.sh \
	%D%/cli/target-wait.sh \
	%D%/cli/top.sh \
	%D%/cli/usage.sh \
	%D%/cli/vm-start.sh \
	%D%/cli/wait.sh \
	%D%/cli/weight.sh \
	$(NULL)
doc_tests = \
	%D%/doc/agent-options.sh \
	%D%/doc/codes.sh \
	%D%/doc/conf-keys.sh \
	%D%/doc/daemon-options.sh \
	%D%/doc/engine.sh \
	%D%/doc/engines.sh \
	%D%/doc/metrics.sh \
	%D%/doc/packages.sh \
	%D%/doc/rswap.sh \
	%D%/doc/transcript.sh \
	%D%/doc/verbs.sh \
	$(NULL)
abi_tests = \
	%D%/abi/bad-engines.sh \
	%D%/abi/header.sh \
	%D%/abi/load.sh \
	$(NULL)
TESTS += $(cli_tests) $(doc_tests) $(abi_tests)
test_support = \
	%D%/cli/ctl.bash \
	%D%/cli/daemon.bash \
	%D%/cli/metrics.bash \
	%D%/cli/peers.bash \
	%D%/cli/talk \
	%D%/doc/transcript-host.scn \
	$(NULL)
EXTRA_DIST += $(cli_tests) $(doc_tests) $(abi_tests) $(test_support)

# abi: engines built against the first xbp.h, good ones and bad ones
check_PROGRAMS += %D%/abi/check_layout
%C%_abi_check_layout_LDADD =
TESTS += %D%/abi/check_layout

engine_v1 = %D%/abi/engine.c %D%/abi/v1/xbp.h
engine_v1_link_flags = $(HARDENING_LDFLAGS) $(MODULE_LDFLAGS) $(SAN_CFLAGS) \
	$(GCOV_CFLAGS) -module -avoid-version -shared -rpath /nowhere
check_LTLIBRARIES += \
	%D%/abi/old.la \
	%D%/abi/old-future.la \
	%D%/abi/old-idle.la \
	%D%/abi/old-longer.la \
	%D%/abi/old-options.la \
	%D%/abi/old-shorter.la \
	$(NULL)
%C%_abi_old_la_SOURCES = $(engine_v1)
%C%_abi_old_la_CPPFLAGS =
%C%_abi_old_la_LDFLAGS = $(engine_v1_link_flags)
%C%_abi_old_future_la_SOURCES = $(engine_v1)
%C%_abi_old_future_la_CPPFLAGS = -DENGINE_FUTURE
%C%_abi_old_future_la_LDFLAGS = $(engine_v1_link_flags)
%C%_abi_old_idle_la_SOURCES = $(engine_v1)
%C%_abi_old_idle_la_CPPFLAGS = -DENGINE_IDLE
%C%_abi_old_idle_la_LDFLAGS = $(engine_v1_link_flags)
%C%_abi_old_longer_la_SOURCES = $(engine_v1)
%C%_abi_old_longer_la_CPPFLAGS = -DENGINE_LONGER
%C%_abi_old_longer_la_LDFLAGS = $(engine_v1_link_flags)
%C%_abi_old_options_la_SOURCES = $(engine_v1)
%C%_abi_old_options_la_CPPFLAGS = -DENGINE_OPTIONS
%C%_abi_old_options_la_LDFLAGS = $(engine_v1_link_flags)
%C%_abi_old_shorter_la_SOURCES = $(engine_v1)
%C%_abi_old_shorter_la_CPPFLAGS = -DENGINE_SHORTER
%C%_abi_old_shorter_la_LDFLAGS = $(engine_v1_link_flags)

# store: lendmem in a real nbdkit, and clients of all kinds
store_tests = \
	%D%/store/conform.sh \
	%D%/store/control.sh \
	%D%/store/memory.sh \
	%D%/store/tools.sh \
	$(NULL)
EXTRA_DIST += $(store_tests) %D%/store/conform.c %D%/store/lendmem.bash
if HAVE_LIBNBD
check_PROGRAMS += %D%/store/conform
%C%_store_conform_SOURCES = %D%/store/conform.c
%C%_store_conform_CPPFLAGS = $(AM_CPPFLAGS) $(LIBNBD_CFLAGS)
%C%_store_conform_LDADD = $(LIBNBD_LIBS)
TESTS += $(store_tests)
endif

# fuzz: with --enable-fuzzers; a target is a line in the list, and one that
# says what it is linked with
fuzz_targets = \
	%D%/fuzz/fuzz_conf \
	%D%/fuzz/fuzz_engines \
	%D%/fuzz/fuzz_errand \
	%D%/fuzz/fuzz_lend \
	%D%/fuzz/fuzz_peer \
	%D%/fuzz/fuzz_parse \
	%D%/fuzz/fuzz_record \
	%D%/fuzz/fuzz_request \
	%D%/fuzz/fuzz_settings \
	%D%/fuzz/fuzz_sample \
	$(NULL)
if ENABLE_FUZZERS
noinst_PROGRAMS += $(fuzz_targets)
endif
fuzz_libs = balancerd/libbalancer.la $(FUZZ_LDFLAGS)
%C%_fuzz_fuzz_conf_LDADD = $(fuzz_libs)
%C%_fuzz_fuzz_engines_LDADD = $(fuzz_libs)
%C%_fuzz_fuzz_errand_LDADD = $(fuzz_libs)
%C%_fuzz_fuzz_lend_LDADD = remote-swap/liblend.la $(fuzz_libs)
%C%_fuzz_fuzz_peer_LDADD = $(fuzz_libs)
%C%_fuzz_fuzz_parse_LDADD = $(fuzz_libs)
%C%_fuzz_fuzz_record_LDADD = $(fuzz_libs)
%C%_fuzz_fuzz_request_LDADD = $(fuzz_libs)
%C%_fuzz_fuzz_settings_LDADD = $(fuzz_libs)
%C%_fuzz_fuzz_sample_LDADD = $(fuzz_libs)
EXTRA_DIST += %D%/fuzz/corpus

# bench: by hand, with tests/bench/run
EXTRA_PROGRAMS += %D%/bench/tick
%C%_bench_tick_SOURCES = %D%/bench/tick.c
%C%_bench_tick_LDADD = balancerd/libbalancer.la
EXTRA_PROGRAMS += %D%/bench/history
%C%_bench_history_SOURCES = %D%/bench/history.c
%C%_bench_history_LDADD = balancerd/libbalancer.la
EXTRA_PROGRAMS += %D%/bench/lendmem
%C%_bench_lendmem_SOURCES = \
	%D%/bench/lendmem.c \
	%D%/bench/wire/iscsi.c \
	%D%/bench/wire/nbd.c \
	%D%/bench/wire/wire.c \
	%D%/bench/wire/wire.h \
	$(NULL)
%C%_bench_lendmem_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/%D%/bench
%C%_bench_lendmem_LDADD = balancerd/util/libutil.la
EXTRA_DIST += %D%/bench/disk.c
if HAVE_NBDKIT
EXTRA_LTLIBRARIES = %D%/bench/nbdkit-disk-plugin.la
%C%_bench_nbdkit_disk_plugin_la_SOURCES = %D%/bench/disk.c
%C%_bench_nbdkit_disk_plugin_la_CPPFLAGS = $(AM_CPPFLAGS) $(NBDKIT_CFLAGS)
%C%_bench_nbdkit_disk_plugin_la_LDFLAGS = $(HARDENING_LDFLAGS) $(GCOV_CFLAGS) \
	-module -avoid-version -shared -rpath /nowhere
%C%_bench_nbdkit_disk_plugin_la_LIBADD = balancerd/util/libutil.la
endif
bench_files = \
	%D%/bench/REPORT.md \
	%D%/bench/agent-dom0.sh \
	%D%/bench/agent.sh \
	%D%/bench/calibrate-dom0.sh \
	%D%/bench/calibrate.sh \
	%D%/bench/calibration.md \
	%D%/bench/cli-dom0.sh \
	%D%/bench/cli.sh \
	%D%/bench/common.sh \
	%D%/bench/engines-plot.awk \
	%D%/bench/engines.awk \
	%D%/bench/engines.md \
	%D%/bench/engines.sh \
	%D%/bench/engines.svg \
	%D%/bench/engines-real-dom0.sh \
	%D%/bench/engines-real.sh \
	%D%/bench/idle-dom0.sh \
	%D%/bench/idle.sh \
	%D%/bench/lendmem.sh \
	%D%/bench/observe.sh \
	%D%/bench/overhead-dom0.sh \
	%D%/bench/overhead.sh \
	%D%/bench/rescue-dom0.sh \
	%D%/bench/rescue-plot.awk \
	%D%/bench/rescue.awk \
	%D%/bench/rescue.md \
	%D%/bench/rescue.sh \
	%D%/bench/rescue.svg \
	%D%/bench/run \
	%D%/bench/squeeze-dom0.sh \
	%D%/bench/squeeze.sh \
	%D%/bench/tick.sh \
	%D%/bench/time-to-remote.sh \
	$(NULL)
EXTRA_DIST += $(bench_files)

# lab: builds what it puts into its hosts itself
lab_files = \
	%D%/lab/README.md \
	%D%/lab/automation.sh \
	%D%/lab/balance.sh \
	%D%/lab/ctl/ask.c \
	%D%/lab/ctl/domstat.c \
	%D%/lab/ctl/flood.c \
	%D%/lab/ctl/guest-run.c \
	%D%/lab/ctl/jpick.c \
	%D%/lab/ctl/reread.c \
	%D%/lab/ctl/serve.c \
	%D%/lab/ctl/wire.c \
	%D%/lab/ctl/wire.h \
	%D%/lab/ctl/workload.c \
	%D%/lab/dom0/etc/xen/xl.conf \
	%D%/lab/dom0/init \
	%D%/lab/dom0/usr/lib/xen-balancer-lab/boot-systemd \
	%D%/lab/dom0/usr/lib/xen-balancer-lab/serve \
	%D%/lab/dom0/usr/lib/xen-balancer-lab/shell.rc \
	%D%/lab/dom0/usr/lib/xen-balancer-lab/start-xenstored \
	%D%/lab/guest/init \
	%D%/lab/image.list \
	%D%/lab/lab \
	%D%/lab/labpy/__init__.py \
	%D%/lab/labpy/cpio.py \
	%D%/lab/labpy/debs.py \
	%D%/lab/labpy/elf.py \
	%D%/lab/labpy/host.py \
	%D%/lab/labpy/image.py \
	%D%/lab/labpy/kernel.py \
	%D%/lab/labpy/modules.py \
	%D%/lab/labpy/product.py \
	%D%/lab/labpy/qmp.py \
	%D%/lab/labpy/rundir.py \
	%D%/lab/labpy/session.py \
	%D%/lab/labpy/snapshot.py \
	%D%/lab/labpy/systemd.py \
	%D%/lab/labpy/terminal.py \
	%D%/lab/labpy/util.py \
	%D%/lab/lib.sh \
	%D%/lab/measure.sh \
	%D%/lab/modules.list \
	%D%/lab/overhead.sh \
	%D%/lab/rswap.sh \
	%D%/lab/run-all \
	%D%/lab/systemd/packages.list \
	%D%/lab/systemd/root/etc/default/xen \
	%D%/lab/systemd/root/etc/machine-id \
	%D%/lab/systemd/root/etc/systemd/system/lab-serve.service \
	%D%/lab/tests/agent-hostile.sh \
	%D%/lab/tests/agent.sh \
	%D%/lab/tests/automation-eagain.sh \
	%D%/lab/tests/automation-ocaml.sh \
	%D%/lab/tests/automation.sh \
	%D%/lab/tests/bad-range.sh \
	%D%/lab/tests/balance-three.sh \
	%D%/lab/tests/daemon-start-up.sh \
	%D%/lab/tests/daemon-xenstored-restarted-ocaml.sh \
	%D%/lab/tests/daemon-xenstored-restarted.sh \
	%D%/lab/tests/daemon-xenstored-slow-ocaml.sh \
	%D%/lab/tests/daemon-xenstored-slow.sh \
	%D%/lab/tests/data-flood.sh \
	%D%/lab/tests/destroyed-mid-squeeze.sh \
	%D%/lab/tests/dom0-managed.sh \
	%D%/lab/tests/engine-crash.sh \
	%D%/lab/tests/engine-turns.sh \
	%D%/lab/tests/events.sh \
	%D%/lab/tests/examples-alarm.sh \
	%D%/lab/tests/examples-start.sh \
	%D%/lab/tests/host-flood.sh \
	%D%/lab/tests/host-pod.sh \
	%D%/lab/tests/host-vanish.sh \
	%D%/lab/tests/kill-nine.sh \
	%D%/lab/tests/lab-selftest.sh \
	%D%/lab/tests/lab-two-hosts.sh \
	%D%/lab/tests/observe.sh \
	%D%/lab/tests/overhead.sh \
	%D%/lab/tests/lend-peers.sh \
	%D%/lab/tests/lendmem-kernel.sh \
	%D%/lab/tests/many-watches.sh \
	%D%/lab/tests/refuse-impossible.sh \
	%D%/lab/tests/rswap-attach.sh \
	%D%/lab/tests/rswap-guest.sh \
	%D%/lab/tests/rswap-kill.sh \
	%D%/lab/tests/rswap-lender-dies.sh \
	%D%/lab/tests/rswap-move.sh \
	%D%/lab/tests/rswap-peers.sh \
	%D%/lab/tests/rswap-udev.sh \
	%D%/lab/tests/settings-last.sh \
	%D%/lab/tests/squeeze-for-fourth.sh \
	%D%/lab/tests/stuck-guests.sh \
	%D%/lab/tests/systemd.sh \
	%D%/lab/tests/thrash-detect.sh \
	%D%/lab/tests/swap-by-hand.sh \
	%D%/lab/tests/swap-ladder.sh \
	%D%/lab/tests/two-reservations.sh \
	%D%/lab/tests/verbs.sh \
	%D%/lab/tests/xl-need.sh \
	%D%/lab/turns.sh \
	%D%/lab/xenstored.sh \
	$(NULL)
EXTRA_DIST += $(lab_files) %D%/.shellcheckrc

check-unit:
	$(MAKE) $(AM_MAKEFLAGS) check TESTS='$(unit_programs)'
check-sim:
	$(MAKE) $(AM_MAKEFLAGS) check TESTS='$(scenarios) $(sim_scripts)'
check-cli:
	$(MAKE) $(AM_MAKEFLAGS) check TESTS='$(cli_tests)'
check-doc:
	$(MAKE) $(AM_MAKEFLAGS) check TESTS='$(doc_tests)'
check-store:
	$(MAKE) $(AM_MAKEFLAGS) check TESTS='$(store_tests)'
check-abi:
	$(MAKE) $(AM_MAKEFLAGS) check TESTS='%D%/abi/check_layout $(abi_tests)'

# One scenario, tick by tick: make sim SCN=tests/sim/200-stuck.scn
sim: check-programs
	tests/sim/run-scenarios --verbose $(srcdir)/$(SCN)

# Builds what the tests need and runs nothing.
check-programs: all
	$(MAKE) $(AM_MAKEFLAGS) $(check_PROGRAMS) $(check_LTLIBRARIES)

# Of random worlds some are enough here: with the sanitizers all are tried.
check-valgrind: all $(check_PROGRAMS)
	CK_FORK=no PROPERTIES_ROUNDS=$${PROPERTIES_ROUNDS:-400} \
	$(MAKE) $(AM_MAKEFLAGS) check TESTS='$(unit_programs)' \
	    LOG_COMPILER='$(VALGRIND)' \
	    LOG_FLAGS='-q --leak-check=full --errors-for-leak-kinds=definite --error-exitcode=119 --track-fds=yes'

fuzz-smoke: all
	$(srcdir)/scripts/fuzz-smoke . $(fuzz_targets)

.PHONY: check-abi check-cli check-doc check-programs check-sim check-unit \
	check-store check-valgrind fuzz-smoke sim
