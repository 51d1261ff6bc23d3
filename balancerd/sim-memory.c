/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the programs of a simulated guest do to its memory. */
#include <config.h>

#include "sim-memory.h"
#include "sim-reclaim.h"
#include "util/units.h"

#define US_PER_MS 1000u

/* Logs, cron, package lists: with time the cache fills what is free. Source:
 * a judgement; nobody but the looks of a guest depends on it. */
#define BACKGROUND_KIB_PER_S 256
/* Of reading files once through a full memory. Source: 55 % of stall while
 * one page was swapped in, thrash-protect's report of a scan. */
#define SCAN_SOME_PPM 550000
/* Source: calibration.md: once no page is free, the balloon's thread sleeps and
 * kswapd makes a little free meanwhile: 3 to 5 MiB/s in a guest of 256 MiB,
 * whatever the disk.  What kswapd makes free at a time is the distance of its
 * watermarks, which grows with memory beyond 1 GiB (vm.watermark_scale_factor:
 * 0.1 % each). */
#define BALLOON_KIB_PER_S (4 * KIB_PER_MIB)
#define BALLOON_SHARE     125
/* Source: the kernel gives up after 16 rounds of reclaim that find nothing,
 * which take about this long. */
#define OUT_OF_MEMORY_MS 1000
/* Changes below this part of what is held are noise: longer steps will do. */
#define MOVING_SHARE 4096

/* The step that is being made. */
struct step {
    struct sim_memory *m;
    const struct sim_demand *d;
    uint64_t room_kib; /* for all but the kernel */
    uint64_t ms;
    uint64_t denied_ppm; /* of the growth that was wanted */
    uint64_t seen_ppm;   /* how fast programs run as PSI sees it */
};

uint64_t
sim_memory_used_kib(const struct sim_memory *m)
{
    return m->hot_kib + m->cold_kib + m->cache_kib;
}

uint64_t
sim_memory_swapped_kib(const struct sim_memory *m)
{
    return m->hot_out_kib + m->cold_out_kib;
}

static uint64_t
anon_kib(const struct sim_memory *m)
{
    return m->hot_kib + m->cold_kib + sim_memory_swapped_kib(m);
}

uint64_t
sim_memory_available_kib(const struct sim_memory *m, uint64_t held_kib)
{
    return sat_sub(held_kib, m->base_kib + m->hot_kib + m->cold_kib);
}

uint64_t
sim_memory_needed_kib(const struct sim_memory *m, const struct sim_demand *d)
{
    return m->base_kib + m->keep_kib + min_u64(d->hot_kib, d->anon_kib) +
           d->file_kib;
}

/* For all but the kernel. */
static uint64_t
room_kib(const struct sim_memory *m, uint64_t held_kib)
{
    return sat_sub(held_kib, m->base_kib + m->keep_kib);
}

/* kib of a set go, from its resident and its swapped part alike; what went of
 * the resident one. */
static uint64_t
draw(uint64_t *resident_kib, uint64_t *out_kib, uint64_t kib)
{
    uint64_t all_kib = *resident_kib + *out_kib;
    uint64_t from_kib = 0;

    kib = min_u64(kib, all_kib);
    if (kib == 0)
        return 0;
    from_kib = mul_div(kib, *resident_kib, all_kib);
    *resident_kib -= from_kib;
    /* Rounding must not ask one part for more than it has. */
    if (kib - from_kib > *out_kib) {
        *resident_kib -= kib - from_kib - *out_kib;
        from_kib = kib - *out_kib;
    }
    *out_kib -= kib - from_kib;
    return from_kib;
}

/* What was hot is not any more, or the other way round; what nobody wants is
 * freed, from what is cold first. */
static void
reclassify(struct sim_memory *m, const struct sim_demand *d)
{
    uint64_t want_hot_kib = min_u64(d->hot_kib, d->anon_kib);
    uint64_t hot_kib = m->hot_kib + m->hot_out_kib;
    uint64_t kib, resident_kib;

    if (hot_kib > want_hot_kib) {
        kib = hot_kib - want_hot_kib;
        resident_kib = draw(&m->hot_kib, &m->hot_out_kib, kib);
        m->cold_kib += resident_kib;
        m->cold_out_kib += kib - resident_kib;
    } else {
        kib = min_u64(want_hot_kib - hot_kib, m->cold_kib + m->cold_out_kib);
        resident_kib = draw(&m->cold_kib, &m->cold_out_kib, kib);
        m->hot_kib += resident_kib;
        m->hot_out_kib += kib - resident_kib;
    }
    if (anon_kib(m) > d->anon_kib)
        draw(&m->cold_kib, &m->cold_out_kib, anon_kib(m) - d->anon_kib);
}

/* Makes room for kib more; what there is of it. */
static uint64_t
find_room(struct step *s, uint64_t kib)
{
    uint64_t free_kib = sat_sub(s->room_kib, sim_memory_used_kib(s->m));

    if (free_kib < kib)
        free_kib += sim_reclaim(s->m, s->d->file_kib, kib - free_kib);
    return min_u64(kib, free_kib);
}

/* Someone took memory away without asking. */
static void
fit(struct step *s)
{
    uint64_t excess_kib = sat_sub(sim_memory_used_kib(s->m), s->room_kib);

    if (excess_kib > 0)
        sim_reclaim(s->m, s->d->file_kib, excess_kib);
}

static void
grow(struct step *s)
{
    struct sim_memory *m = s->m;
    uint64_t want_kib = min_u64(sat_sub(s->d->anon_kib, anon_kib(m)),
                                s->d->growth_kib_per_s * s->ms / MS_PER_S);
    uint64_t hot_kib = m->hot_kib + m->hot_out_kib;
    uint64_t got_kib, got_hot_kib;

    if (want_kib == 0)
        return;
    got_kib = find_room(s, want_kib);
    got_hot_kib =
        min_u64(got_kib,
                sat_sub(min_u64(s->d->hot_kib, s->d->anon_kib), hot_kib));
    m->hot_kib += got_hot_kib;
    m->cold_kib += got_kib - got_hot_kib;
    s->denied_ppm = mul_div(want_kib - got_kib, SIM_WHOLE_PPM, want_kib);
    if (got_kib == 0 && sim_reclaim_is_dry(m))
        m->starving_ms += s->ms;
    else
        m->starving_ms = 0;
}

static uint64_t
part_ppm(uint64_t there_is, uint64_t wanted)
{
    return there_is < wanted ? mul_div(there_is, SIM_WHOLE_PPM, wanted)
                             : SIM_WHOLE_PPM;
}

/* How long tasks wait, one after the other, for kib of a device. */
static uint64_t
read_us(const struct sim_device *device, enum sim_curve curve, uint64_t kib)
{
    return kib * device->latency_us / PAGE_KIB /
           sim_curve_pages_per_wait(curve);
}

/* The same; ppm is lowered to what the device can do of it in this step. */
static uint64_t
wait_us(const struct step *s, const struct sim_device *device, uint64_t kib,
        uint64_t *ppm)
{
    uint64_t us = read_us(device, s->d->curve, kib);

    *ppm = min_u64(*ppm, part_ppm(s->ms * US_PER_MS * device->queue, us));
    return us;
}

/* How far programs get that wait for so many pages in every step of it, evenly
 * over their tasks; and no more than the devices deliver. */
static uint64_t
speed_ppm(const struct step *s, uint64_t anon_kib_wanted,
          uint64_t file_kib_wanted)
{
    const struct sim_memory *m = s->m;
    uint64_t step_us = s->ms * US_PER_MS * s->d->tasks;
    uint64_t disk_kib = m->disk->kib_per_s * s->ms / MS_PER_S;
    uint64_t ppm = min_u64(part_ppm(m->traffic_kib, anon_kib_wanted),
                           part_ppm(disk_kib, file_kib_wanted));
    uint64_t us = wait_us(s, m->disk, file_kib_wanted, &ppm);

    if (m->swap)
        us += wait_us(s, m->swap, anon_kib_wanted, &ppm);
    return min_u64(ppm, part_ppm(step_us, step_us + us));
}

/* Pages come in; what does not fit takes the place of others. */
static void
swap_in(struct step *s, uint64_t kib)
{
    struct sim_memory *m = s->m;
    uint64_t stay_kib;

    kib = min_u64(kib, m->traffic_kib);
    m->traffic_kib -= kib;
    stay_kib = find_room(s, min_u64(kib, m->hot_out_kib));
    /* Making room may have sent hot pages out, but never brought any in. */
    m->hot_kib += stay_kib;
    m->hot_out_kib -= stay_kib;
    m->swap_in_kib += kib;
    m->refault_anon_kib += kib;
    /* The others push out hot pages that are pushed out again. */
    kib = min_u64(kib - stay_kib, m->traffic_kib);
    m->swap_out_kib += kib;
    m->traffic_kib -= kib;
}

static void
read_files(struct step *s, uint64_t kib)
{
    struct sim_memory *m = s->m;
    uint64_t want_kib = min_u64(kib, sat_sub(s->d->file_kib, m->cache_kib));

    m->cache_kib += find_room(s, want_kib);
    m->refault_file_kib += kib;
}

/* Files that are read once take what is free and only that. */
static void
fill_cache(struct step *s)
{
    struct sim_memory *m = s->m;
    uint64_t scan_kib = s->d->scan_kib_per_s * s->ms / MS_PER_S;
    uint64_t kib = scan_kib + BACKGROUND_KIB_PER_S * s->ms / MS_PER_S;
    uint64_t free_kib = sat_sub(s->room_kib, sim_memory_used_kib(m));

    m->cache_kib += min_u64(kib, free_kib);
    if (kib > free_kib)
        m->scanned_kib += kib - free_kib;
    if (scan_kib > free_kib) {
        m->refault_file_kib += scan_kib - free_kib;
        m->some_us += mul_div(s->ms * US_PER_MS, SCAN_SOME_PPM, SIM_WHOLE_PPM);
    }
}

/* Tasks wait independently: one of them does unless all run. */
static void
count_stall(struct step *s)
{
    struct sim_memory *m = s->m;
    uint64_t us = s->ms * US_PER_MS;
    uint64_t stall_ppm = SIM_WHOLE_PPM - s->seen_ppm;
    uint64_t all_run_ppm = s->seen_ppm, all_wait_ppm = stall_ppm;

    for (uint64_t i = 1; i < s->d->tasks; i++) {
        all_run_ppm = mul_div(all_run_ppm, s->seen_ppm, SIM_WHOLE_PPM);
        all_wait_ppm = mul_div(all_wait_ppm, stall_ppm, SIM_WHOLE_PPM);
    }
    m->lost_us += mul_div(us, SIM_WHOLE_PPM - m->running_ppm, SIM_WHOLE_PPM);
    m->some_us += mul_div(us, SIM_WHOLE_PPM - all_run_ppm, SIM_WHOLE_PPM);
    m->full_us += mul_div(us, all_wait_ppm, SIM_WHOLE_PPM);
}

static void
run_programs(struct step *s)
{
    struct sim_memory *m = s->m;
    const struct sim_demand *d = s->d;
    uint64_t hot_all_kib = m->hot_kib + m->hot_out_kib;
    uint64_t anon_ppm = sim_curve_miss_ppm(d->curve, m->hot_kib, hot_all_kib);
    uint64_t file_ppm = sim_curve_miss_ppm(d->curve, m->cache_kib, d->file_kib);
    uint64_t anon =
        mul_div(d->touch_kib_per_s * s->ms / MS_PER_S, anon_ppm, SIM_WHOLE_PPM);
    uint64_t file =
        mul_div(d->read_kib_per_s * s->ms / MS_PER_S, file_ppm, SIM_WHOLE_PPM);
    uint64_t ppm = speed_ppm(s, anon, file);
    uint64_t seen_ppm =
        SIM_WHOLE_PPM - mul_div(SIM_WHOLE_PPM - ppm,
                                sim_curve_seen_ppm(d->curve), SIM_WHOLE_PPM);
    uint64_t grown_ppm = SIM_WHOLE_PPM - s->denied_ppm;

    anon = mul_div(anon, ppm, SIM_WHOLE_PPM);
    if (m->swap)
        m->swap_wait_us += read_us(m->swap, d->curve, anon);
    swap_in(s, anon);
    read_files(s, mul_div(file, ppm, SIM_WHOLE_PPM));
    /* Who wants more memory and does not get it waits for it. */
    m->running_ppm = mul_div(ppm, grown_ppm, SIM_WHOLE_PPM);
    s->seen_ppm = mul_div(seen_ppm, grown_ppm, SIM_WHOLE_PPM);
    count_stall(s);
}

void
sim_memory_kill(struct sim_memory *m)
{
    m->hot_kib = 0;
    m->cold_kib = 0;
    m->hot_out_kib = 0;
    m->cold_out_kib = 0;
    m->starving_ms = 0;
    m->kills++;
}

void
sim_memory_step(struct sim_memory *m, const struct sim_demand *d,
                uint64_t held_kib, uint64_t step_ms)
{
    struct step s = {
        .m = m,
        .d = d,
        .room_kib = room_kib(m, held_kib),
        .ms = step_ms,
    };
    struct sim_memory before = *m;
    uint64_t noise_kib =
        held_kib / MOVING_SHARE * (1 + step_ms / (MS_PER_S / 10));

    m->traffic_kib = m->swap ? m->swap->kib_per_s * step_ms / MS_PER_S : 0;
    reclassify(m, d);
    fit(&s);
    grow(&s);
    run_programs(&s);
    fill_cache(&s);
    if (m->starving_ms >= OUT_OF_MEMORY_MS)
        sim_memory_kill(m);
    m->is_moving =
        distance_u64(anon_kib(&before), anon_kib(m)) > noise_kib ||
        distance_u64(before.hot_kib, m->hot_kib) > noise_kib ||
        distance_u64(before.cold_out_kib, m->cold_out_kib) > noise_kib;
}

uint64_t
sim_memory_give(struct sim_memory *m, const struct sim_demand *d,
                const struct sim_wish *wish)
{
    struct step s = {
        .m = m,
        .d = d,
        .room_kib = room_kib(m, wish->held_kib),
        .ms = wish->step_ms,
    };
    uint64_t kib_per_s =
        max_u64(BALLOON_KIB_PER_S, wish->held_kib / BALLOON_SHARE);
    uint64_t got_kib;

    if (m->swap)
        kib_per_s = min_u64(kib_per_s, m->swap->kib_per_s);
    m->traffic_kib = m->swap ? kib_per_s * wish->step_ms / MS_PER_S : 0;
    got_kib = find_room(&s, wish->want_kib);
    if (got_kib > 0)
        m->starving_ms = 0;
    else if (wish->want_kib > 0 && sim_reclaim_is_dry(m))
        m->starving_ms += wish->step_ms;
    return got_kib;
}

void
sim_memory_settle(struct sim_memory *m, const struct sim_demand *d,
                  uint64_t held_kib)
{
    uint64_t hot_kib = min_u64(d->hot_kib, d->anon_kib);
    uint64_t cold_kib = d->anon_kib - hot_kib;
    uint64_t left_kib = room_kib(m, held_kib);

    m->hot_kib = min_u64(hot_kib, left_kib);
    m->hot_out_kib = min_u64(hot_kib - m->hot_kib, m->swap_kib);
    left_kib -= m->hot_kib;
    m->cold_kib = min_u64(cold_kib, left_kib);
    m->cold_out_kib =
        min_u64(cold_kib - m->cold_kib, m->swap_kib - m->hot_out_kib);
    m->cache_kib = min_u64(d->file_kib, left_kib - m->cold_kib);
    m->running_ppm = SIM_WHOLE_PPM;
}
