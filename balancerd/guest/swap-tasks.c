/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads offers when a watch says that one has changed, and carries out what
 * swap_decide() decides. */
#include <config.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "proto/keys.h"
#include "swap-device.h"
#include "swap-move.h"
#include "swap-tasks.h"
#include "util/cleanup.h"
#include "util/units.h"

static struct swap_slot *
find_slot(struct swap_tasks *tasks, const char *uuid)
{
    for (size_t i = 0; i < tasks->n; i++)
        if (strcmp(tasks->slots[i].task.offer.uuid, uuid) == 0)
            return &tasks->slots[i];
    return NULL;
}

static void
take_offer(struct swap_tasks *tasks, const struct offer *o)
{
    struct swap_slot *slot = find_slot(tasks, o->uuid);

    if (!slot && tasks->n == SWAP_TASKS_MAX)
        return;
    if (!slot) {
        slot = &tasks->slots[tasks->n++];
        *slot = (struct swap_slot){ .pid = 0 };
    }
    slot->task.offer = *o;
    slot->is_offered = true;
}

static void
read_offer(struct swap_tasks *tasks, struct store *st, const char *name)
{
    char path[KEYS_PATH_SIZE];
    struct offer offer;
    unsigned length = 0;
    cleanup_free char *text =
        store_read(st, keys_own_offer(path, KEY_OFFERS, name), &length);

    if (text && offer_parse(text, length, &offer) == 0)
        take_offer(tasks, &offer);
}

/* Who is still giving a device up has to be waited for. */
static void
forget_gone(struct swap_tasks *tasks)
{
    size_t n = 0;

    for (size_t i = 0; i < tasks->n; i++)
        if (tasks->slots[i].is_offered || tasks->slots[i].task.is_leaving ||
            tasks->slots[i].mover > 0)
            tasks->slots[n++] = tasks->slots[i];
    tasks->n = n;
}

static void
read_offers(struct swap_tasks *tasks, struct store *st)
{
    unsigned n = 0;
    cleanup_free char **names = store_list(st, KEY_OFFERS, &n);

    for (size_t i = 0; i < tasks->n; i++)
        tasks->slots[i].is_offered = false;
    for (unsigned i = 0; names && i < n; i++)
        read_offer(tasks, st, names[i]);
    forget_gone(tasks);
}

static void
refuse(struct offer_answer *a, enum offer_why why, int error)
{
    a->state = OFFER_REFUSED;
    a->why = why;
    a->error = (uint32_t)error;
}

static void
take_device(struct swap_slot *slot, struct offer_answer *a)
{
    const struct swap_task *t = &slot->task;
    int error = 0;
    enum offer_why why = swap_device_on(&t->offer, &error);

    if (error == -ENODEV)
        return;
    if (why != OFFER_WHY_NONE) {
        refuse(a, why, -error);
        return;
    }
    a->state = OFFER_ON;
    slot->is_fresh = true;
    log_info("swapping to %s, which the host offers", t->offer.vdev);
}

static void
leave_device(struct swap_slot *slot, struct offer_answer *a)
{
    int r = swap_device_leave(slot->task.offer.vdev, &slot->pid);

    if (r < 0)
        refuse(a, OFFER_WHY_SWAPOFF, -r);
    else
        slot->task.is_leaving = true;
}

/* Has the one who gives the device up come to an end? */
static void
end_leaving(struct swap_slot *slot)
{
    struct swap_task *t = &slot->task;
    int error = 0;

    if (!t->is_leaving || swap_device_left(slot->pid, &error) < 0)
        return;
    t->is_leaving = false;
    if (error == 0) {
        log_info("no longer swapping to %s", t->offer.vdev);
        return;
    }
    t->answer = (struct offer_answer){ .serial = t->offer.serial };
    refuse(&t->answer, OFFER_WHY_SWAPOFF, error);
    log_warn(error, "cannot give %s up", t->offer.vdev);
}

static void
tell(struct swap_slot *slot, struct store *st, uint64_t now_ms)
{
    char path[KEYS_PATH_SIZE], text[OFFER_TEXT_SIZE];

    if (!slot->is_offered || !swap_is_news(&slot->told, &slot->task.answer))
        return;
    keys_own_offer(path, KEY_ANSWERS, slot->task.offer.uuid);
    offer_answer_format(&slot->task.answer, text);
    if (store_write(st, path, text, now_ms) == 0)
        slot->told = slot->task.answer;
}

static bool
is_offered(const void *ctx, const char *path)
{
    const struct swap_tasks *tasks = ctx;
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;

    for (size_t i = 0; i < tasks->n; i++)
        if (strcmp(tasks->slots[i].task.offer.vdev, name) == 0)
            return true;
    return false;
}

static uint64_t
others_used_kib(const struct swap_tasks *tasks, const struct sample *s)
{
    uint64_t used_kib = 0;

    for (size_t i = 0; i < SAMPLE_SWAPS && s->swaps[i].name[0]; i++)
        if (!is_offered(tasks, s->swaps[i].name))
            used_kib = sat_add(used_kib, s->swaps[i].used_kib);
    return used_kib;
}

/* Once for each device: later the kernel uses this area first anyway. */
static void
move_others(struct swap_tasks *tasks, struct swap_slot *slot,
            const struct sample *s)
{
    const struct swap_move m = {
        .kib_per_s = slot->task.offer.move_kib_per_s,
        .is_offered = is_offered,
        .ctx = tasks,
    };

    if (slot->mover > 0 && swap_move_has_ended(slot->mover)) {
        slot->mover = 0;
        slot->has_moved = true;
    }
    if (slot->mover > 0 && !slot->task.offer.is_on)
        swap_move_stop(slot->mover);
    if (slot->mover == 0 && !slot->has_moved &&
        swap_should_move(&slot->task, s, others_used_kib(tasks, s)) &&
        swap_move_begin(&m, &slot->mover) == 0)
        log_info("moving what is swapped to other areas to %s",
                 slot->task.offer.vdev);
}

static void
follow(struct swap_slot *slot, const struct sample *s)
{
    struct offer_answer answer;

    slot->is_fresh = false;
    end_leaving(slot);
    switch (swap_decide(&slot->task, s, &answer)) {
    case SWAP_NOTHING:
        break;
    case SWAP_TAKE:
        take_device(slot, &answer);
        break;
    case SWAP_LEAVE:
        leave_device(slot, &answer);
        break;
    case SWAP_STAY:
        swap_device_stay(slot->pid);
        break;
    }
    slot->task.answer = answer;
}

static bool
is_waiting(const struct swap_slot *slot)
{
    return slot->is_offered && slot->task.answer.state == OFFER_WAITING;
}

bool
swap_tasks_are_waiting(const struct swap_tasks *tasks)
{
    for (size_t i = 0; i < tasks->n; i++)
        if (is_waiting(&tasks->slots[i]))
            return true;
    return false;
}

/* What is on other areas can follow as soon as the kernel tells of this one. */
bool
swap_tasks_are_fresh(const struct swap_tasks *tasks)
{
    for (size_t i = 0; i < tasks->n; i++)
        if (tasks->slots[i].is_fresh)
            return true;
    return false;
}

bool
swap_tasks_can_go_on(const struct swap_tasks *tasks)
{
    for (size_t i = 0; i < tasks->n; i++)
        if (is_waiting(&tasks->slots[i]) &&
            swap_device_is_there(tasks->slots[i].task.offer.vdev))
            return true;
    return false;
}

void
swap_tasks_look(struct swap_tasks *tasks, struct store *st,
                const struct sample *s, uint64_t now_ms)
{
    if (store_watch(st, KEY_OFFERS, now_ms) < 0)
        return;
    if (store_has_changed(st))
        tasks->is_read = false;
    if (!tasks->is_read)
        read_offers(tasks, st);
    tasks->is_read = true;
    for (size_t i = 0; i < tasks->n; i++) {
        move_others(tasks, &tasks->slots[i], s);
        /* Two that move pages at once would each count on the other's room. */
        if (tasks->slots[i].mover == 0 || tasks->slots[i].task.offer.is_on)
            follow(&tasks->slots[i], s);
        tell(&tasks->slots[i], st, now_ms);
    }
}
