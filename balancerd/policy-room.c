/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Makes and fills the memory that a plugin's process shares. */
#include <config.h>

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "policy-room.h"

struct policy_room *
policy_room_new(void)
{
    void *room = mmap(NULL, sizeof(struct policy_room), PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    return room == MAP_FAILED ? NULL : room;
}

void
policy_room_free(struct policy_room *room)
{
    if (room)
        munmap(room, sizeof(*room));
}

/* For a thousand guests fifty times in a second snprintf is too slow. */
static const char *
copy(char *to, size_t size, const char *text)
{
    size_t length = strnlen(text, size - 1);

    memcpy(to, text, length);
    to[length] = '\0';
    return to;
}

int
policy_room_fill(struct policy_room *room, const struct xbp_snapshot *s)
{
    if (s->n_guests > POLICY_ROOM_GUESTS)
        return -ENOMEM;
    room->snapshot = *s;
    room->snapshot.guests = room->pointers;
    for (uint64_t i = 0; i < s->n_guests; i++) {
        struct policy_room_words *words = &room->words[i];
        struct xbp_guest *g = &room->guests[i];

        *g = *s->guests[i];
        g->uuid = copy(words->uuid, sizeof(words->uuid), g->uuid);
        g->name = copy(words->name, sizeof(words->name), g->name);
        room->pointers[i] = g;
        room->wishes[i] = g->target_kib;
    }
    return 0;
}
