# SPDX-License-Identifier: LGPL-2.1-or-later
#
# The daemon: everything but main.c and the Xen host is in libbalancer.la, so
# tests, simulator and fuzzers need no Xen library.

# What other daemons of ours need, too.
noinst_LTLIBRARIES += %D%/libdaemon.la
%C%_libdaemon_la_SOURCES = \
	%D%/ctl-listen.c \
	%D%/ctl-listen.h \
	%D%/ctl-peer.c \
	%D%/ctl-peer.h \
	%D%/log.c \
	%D%/log.h \
	$(NULL)
%C%_libdaemon_la_LIBADD = \
	balancerd/proto/libproto.la \
	balancerd/util/libutil.la \
	$(JSON_C_LIBS) \
	$(NULL)

noinst_LTLIBRARIES += %D%/libbalancer.la
%C%_libbalancer_la_SOURCES = \
	%D%/account.c \
	%D%/account.h \
	%D%/adopt.c \
	%D%/adopt.h \
	%D%/apply.c \
	%D%/apply.h \
	%D%/book-engine.c \
	%D%/book-engine.h \
	%D%/book-range.c \
	%D%/book-settings.c \
	%D%/book.c \
	%D%/book.h \
	%D%/conf-file.c \
	%D%/conf-policy.c \
	%D%/conf-value.c \
	%D%/conf-value.h \
	%D%/conf.c \
	%D%/conf.h \
	%D%/ctl-answer.c \
	%D%/ctl-client.c \
	%D%/ctl-client.h \
	%D%/ctl-halted.c \
	%D%/ctl-halted.h \
	%D%/ctl-history.c \
	%D%/ctl-history.h \
	%D%/ctl-host.c \
	%D%/ctl-host.h \
	%D%/ctl-engine.c \
	%D%/ctl-engine.h \
	%D%/ctl-event.c \
	%D%/ctl-event.h \
	%D%/ctl-later.c \
	%D%/ctl-later.h \
	%D%/ctl-load.c \
	%D%/ctl-load.h \
	%D%/ctl-record.c \
	%D%/ctl-record.h \
	%D%/ctl-reservation.c \
	%D%/ctl-reservation.h \
	%D%/ctl-set.c \
	%D%/ctl-set.h \
	%D%/ctl-shortage.c \
	%D%/ctl-shortage.h \
	%D%/ctl-swap.c \
	%D%/ctl-swap.h \
	%D%/ctl-trial.c \
	%D%/ctl-trial.h \
	%D%/ctl-verb-list.h \
	%D%/ctl-verbs-config.c \
	%D%/ctl-verbs-engine.c \
	%D%/ctl-verbs-event.c \
	%D%/ctl-verbs-explain.c \
	%D%/ctl-verbs-history.c \
	%D%/ctl-verbs-host.c \
	%D%/ctl-verbs-lease.c \
	%D%/ctl-verbs-limits.c \
	%D%/ctl-verbs-overhead.c \
	%D%/ctl-verbs-param.c \
	%D%/ctl-verbs-peer.c \
	%D%/ctl-verbs-plan.c \
	%D%/ctl-verbs-reserve.c \
	%D%/ctl-verbs-settings.c \
	%D%/ctl-verbs-swap.c \
	%D%/ctl-verbs-vm.c \
	%D%/ctl-verbs.c \
	%D%/ctl-verbs.h \
	%D%/ctl-vm-record.c \
	%D%/ctl-vm.c \
	%D%/ctl-vm.h \
	%D%/ctl-wait.c \
	%D%/ctl.c \
	%D%/ctl.h \
	%D%/daemon-host.c \
	%D%/daemon-metrics.c \
	%D%/daemon-open.c \
	%D%/daemon-peers.c \
	%D%/daemon-private.h \
	%D%/daemon-record.c \
	%D%/daemon-reload.c \
	%D%/daemon.c \
	%D%/daemon.h \
	%D%/engine.c \
	%D%/engine.h \
	%D%/engines-dir.c \
	%D%/engines-dir.h \
	%D%/engines-text.c \
	%D%/engines-text.h \
	%D%/engines.c \
	%D%/engines.h \
	%D%/events.c \
	%D%/events.h \
	%D%/errand-do.c \
	%D%/errand-do.h \
	%D%/errand-words.c \
	%D%/errand-words.h \
	%D%/errand.c \
	%D%/errand.h \
	%D%/errands.c \
	%D%/errands.h \
	%D%/explain.c \
	%D%/explain.h \
	%D%/explain-change.c \
	%D%/explain-change.h \
	%D%/guard.c \
	%D%/guest/news.c \
	%D%/guest/news.h \
	%D%/guard.h \
	%D%/guest-judge.c \
	%D%/guest-judge.h \
	%D%/guest-limits.c \
	%D%/guest-limits.h \
	%D%/guest-load.c \
	%D%/guest-load.h \
	%D%/guest-pain.c \
	%D%/guest-pain.h \
	%D%/guest-regret.c \
	%D%/guest-regret.h \
	%D%/guest-settings.c \
	%D%/guest-settings.h \
	%D%/guest-state.h \
	%D%/guest-wake.c \
	%D%/guest-wake.h \
	%D%/guest.c \
	%D%/guest.h \
	%D%/history.c \
	%D%/history.h \
	%D%/host-changes.c \
	%D%/host-changes.h \
	%D%/host-sim.c \
	%D%/host-sim.h \
	%D%/host-view.c \
	%D%/host-view.h \
	%D%/host.h \
	%D%/identity.c \
	%D%/identity.h \
	%D%/laters.c \
	%D%/laters.h \
	%D%/lend-client.c \
	%D%/lend-client.h \
	%D%/lender-dom0.c \
	%D%/lender-jobs.c \
	%D%/lender-private.h \
	%D%/lender-recall.c \
	%D%/lender.c \
	%D%/lender.h \
	%D%/lent-text.c \
	%D%/lent-text.h \
	%D%/lent.c \
	%D%/lent.h \
	%D%/lock.c \
	%D%/lock.h \
	%D%/metrics-domains.c \
	%D%/metrics-domains.h \
	%D%/metrics-listen.c \
	%D%/metrics-listen.h \
	%D%/metrics-text.c \
	%D%/metrics-text.h \
	%D%/metrics-write.c \
	%D%/metrics-write.h \
	%D%/metrics.c \
	%D%/metrics.h \
	%D%/note.c \
	%D%/note.h \
	%D%/notice.c \
	%D%/notice.h \
	%D%/notify.c \
	%D%/notify.h \
	%D%/options.c \
	%D%/options.h \
	%D%/overhead-guest.c \
	%D%/overhead-guest.h \
	%D%/overhead-learn.c \
	%D%/overhead-learn.h \
	%D%/overhead-lesson-text.c \
	%D%/overhead-lesson.c \
	%D%/overhead-lesson.h \
	%D%/overhead-watch.c \
	%D%/overhead-watch.h \
	%D%/overhead.c \
	%D%/overhead.h \
	%D%/pace.c \
	%D%/pace.h \
	%D%/peer-auth.c \
	%D%/peer-auth.h \
	%D%/peer-name.c \
	%D%/peer-name.h \
	%D%/peer-link.c \
	%D%/peer-link.h \
	%D%/peer-proto.c \
	%D%/peer-proto.h \
	%D%/peers-ask.c \
	%D%/peers-file.c \
	%D%/peers-file.h \
	%D%/peers-link.h \
	%D%/peers-open.c \
	%D%/peers-open.h \
	%D%/peers-private.h \
	%D%/peers-serve.c \
	%D%/peers.c \
	%D%/peers.h \
	%D%/plan-diff.c \
	%D%/plan.c \
	%D%/plan.h \
	%D%/plan-rule.c \
	%D%/plan-rule.h \
	%D%/policy-builtin.c \
	%D%/policy-builtin.h \
	%D%/policy-code.c \
	%D%/policy-code.h \
	%D%/policy-file.c \
	%D%/policy-file.h \
	%D%/policy-plugin.c \
	%D%/policy-plugin.h \
	%D%/policy-process.c \
	%D%/policy-process.h \
	%D%/policy-room.c \
	%D%/policy-room.h \
	%D%/policy-serve.c \
	%D%/policy-serve.h \
	%D%/policy.c \
	%D%/policy.h \
	%D%/pool.c \
	%D%/pool.h \
	%D%/process.c \
	%D%/process.h \
	%D%/range.c \
	%D%/range.h \
	%D%/record-out.c \
	%D%/record-out.h \
	%D%/record-tables.c \
	%D%/record-tables.h \
	%D%/record-text.c \
	%D%/record-text.h \
	%D%/record.c \
	%D%/record.h \
	%D%/remember.c \
	%D%/remember.h \
	%D%/replay-engines.c \
	%D%/replay-host.c \
	%D%/replay-host.h \
	%D%/replay-lines.c \
	%D%/replay-private.h \
	%D%/replay.c \
	%D%/replay.h \
	%D%/reserve-heir.c \
	%D%/reserve-heir.h \
	%D%/reserve-text.c \
	%D%/reserve-text.h \
	%D%/reserve.c \
	%D%/reserve.h \
	%D%/settings-adopt.c \
	%D%/settings-adopt.h \
	%D%/settings-dir.c \
	%D%/settings-dir.h \
	%D%/settings-text.c \
	%D%/settings-text.h \
	%D%/settings.c \
	%D%/settings.h \
	%D%/settle.c \
	%D%/settle.h \
	%D%/sample-press.c \
	%D%/sample-press.h \
	%D%/sim-agent.c \
	%D%/sim-agent.h \
	%D%/sim-device.c \
	%D%/sim-device.h \
	%D%/sim-domain.c \
	%D%/sim-domain.h \
	%D%/sim-event.c \
	%D%/sim-event.h \
	%D%/sim-guest.c \
	%D%/sim-guest.h \
	%D%/sim-load.c \
	%D%/sim-load.h \
	%D%/sim-life.c \
	%D%/sim-life.h \
	%D%/sim-memory.c \
	%D%/sim-memory.h \
	%D%/sim-lend.c \
	%D%/sim-lend.h \
	%D%/sim-orders.c \
	%D%/sim-reclaim.c \
	%D%/sim-reclaim.h \
	%D%/sim-scenario.c \
	%D%/sim-scenario.h \
	%D%/sim-spool.c \
	%D%/sim-spool.h \
	%D%/sim-store.c \
	%D%/sim-store.h \
	%D%/sim-swap.c \
	%D%/sim-swap.h \
	%D%/sim-time.c \
	%D%/sim-toll.c \
	%D%/sim-toll.h \
	%D%/sim-work-text.c \
	%D%/sim-work.c \
	%D%/sim-work.h \
	%D%/sim-world.c \
	%D%/sim-world.h \
	%D%/snapshot.c \
	%D%/snapshot.h \
	%D%/squeeze.c \
	%D%/squeeze.h \
	%D%/status-plan.c \
	%D%/status-plan.h \
	%D%/status.c \
	%D%/status.h \
	%D%/swap-answer.c \
	%D%/swap-answer.h \
	%D%/swap-book.c \
	%D%/swap-book.h \
	%D%/swap-child-args.c \
	%D%/swap-child.c \
	%D%/swap-child.h \
	%D%/swap-keep.c \
	%D%/swap-keep.h \
	%D%/swap-ladder.c \
	%D%/swap-ladder.h \
	%D%/swap-lease.c \
	%D%/swap-lease.h \
	%D%/swap-lend.h \
	%D%/swap-note.c \
	%D%/swap-note.h \
	%D%/swap-peers.c \
	%D%/swap-peers.h \
	%D%/swap-run.h \
	%D%/swap-service.c \
	%D%/swap-service.h \
	%D%/swap-step.c \
	%D%/swap-step.h \
	%D%/swap.c \
	%D%/swap.h \
	%D%/tick.c \
	%D%/tick.h \
	%D%/trial.c \
	%D%/trial.h \
	%D%/tuning.c \
	%D%/tuning.h \
	$(NULL)
%C%_libbalancer_la_LIBADD = \
	%D%/libdaemon.la \
	xenballoon-policy/libengines.la \
	remote-swap/librswap.la \
	$(JSON_C_LIBS) $(EVENT_LIBS) $(INIH_LIBS) $(NETTLE_LIBS) \
	$(NULL)

if HAVE_XEN
noinst_LTLIBRARIES += %D%/libhostxen.la
%C%_libhostxen_la_SOURCES = \
	%D%/host-xen-cache.c \
	%D%/host-xen-cache.h \
	%D%/host-xen-check.c \
	%D%/host-xen-check.h \
	%D%/host-xen-flood.c \
	%D%/host-xen-flood.h \
	%D%/host-xen-observe.c \
	%D%/host-xen-probe.c \
	%D%/host-xen-probe.h \
	%D%/host-xen-sample.c \
	%D%/host-xen-sample.h \
	%D%/host-xen-state.h \
	%D%/host-xen-store.c \
	%D%/host-xen-store.h \
	%D%/host-xen-watch.c \
	%D%/host-xen-vbd.c \
	%D%/host-xen-vbd.h \
	%D%/host-xen-watch.h \
	%D%/host-xen.c \
	%D%/host-xen.h \
	$(NULL)
%C%_libhostxen_la_CPPFLAGS = $(AM_CPPFLAGS) $(XEN_CFLAGS)
endif

sbin_PROGRAMS += %D%/balancerd
%C%_balancerd_SOURCES = \
	%D%/host-open.c \
	%D%/host-open.h \
	%D%/main.c \
	$(NULL)
%C%_balancerd_CPPFLAGS = $(AM_CPPFLAGS)
if HAVE_XEN
%C%_balancerd_LDADD = %D%/libhostxen.la %D%/libbalancer.la $(XEN_LIBS)
else
%C%_balancerd_LDADD = %D%/libbalancer.la
endif

# One-shot children: the only programs that see libxl.
if HAVE_XEN
balancerlibexec_PROGRAMS += %D%/xl-need
%C%_xl_need_SOURCES = %D%/xl-log.c %D%/xl-log.h %D%/xl-need.c
%C%_xl_need_CPPFLAGS = $(AM_CPPFLAGS) $(XENLIGHT_CFLAGS)
%C%_xl_need_LDADD = balancerd/util/libutil.la \
	$(XENLIGHT_LIBS) $(XLUTIL_LIBS) $(JSON_C_LIBS)
endif
