/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Clients whose answer is the fate of a reservation. */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include <json-c/json.h>

#include "book.h"
#include "ctl-client.h"
#include "ctl-reservation.h"
#include "log.h"
#include "tick.h"

bool
client_is_waiting(const struct client *c)
{
    return c->wait_id[0] != '\0';
}

void
client_wait(struct client *c, struct json_object *id, const char *wait_id)
{
    c->id = json_object_get(id);
    snprintf(c->wait_id, sizeof(c->wait_id), "%s", wait_id);
}

static void
stop_waiting(struct client *c)
{
    json_object_put(c->id);
    c->id = NULL;
    c->wait_id[0] = '\0';
}

void
ctl_wake(struct ctl *ctl)
{
    if (ctl->config.wake)
        ctl->config.wake(ctl->config.wake_arg);
}

/* Does another client wait for what c waits for? */
static bool
has_companion(const struct client *c)
{
    const struct client *other;

    TAILQ_FOREACH(other, &c->ctl->clients, link) {
        if (other != c && strcmp(other->wait_id, c->wait_id) == 0)
            return true;
    }
    return false;
}

/* Nobody will hear that it is granted: nobody should be squeezed for it.  With
 * a key its owner can come back for it. */
static void
cancel(struct client *c, const struct reservation *r)
{
    char error[BOOK_ERROR_SIZE];

    log_info("reservation %s: its client is gone", r->id);
    if (book_release(c->ctl->b, c->wait_id, error) < 0)
        log_warnx("reservation %s: %s", c->wait_id, error);
    ctl_wake(c->ctl);
}

void
client_abandon(struct client *c)
{
    const struct reservation *r =
        reserve_find(&c->ctl->b->reservations, c->wait_id);

    if (r && r->key[0] == '\0' && !has_companion(c))
        cancel(c, r);
    stop_waiting(c);
}

/* The loop is inside a tick: nothing may be closed or called from here; what
 * the client asked meanwhile is answered once this answer is written. */
void
clients_decided(struct ctl *ctl, const struct reservation *r, bool is_granted,
                const char *why)
{
    uint64_t now_ms = ctl->b->host->ops->now_ms(ctl->b->host);
    struct request_error error;
    struct client *c;

    TAILQ_FOREACH(c, &ctl->clients, link) {
        cleanup_json struct json_object *record = NULL;

        if (strcmp(c->wait_id, r->id) != 0)
            continue;
        if (is_granted) {
            record = reservation_record(r, now_ms);
            client_send_result(c, c->id, record);
        } else {
            reservation_refusal(r, why, &error);
            client_send_error(c, c->id, &error);
            request_error_done(&error);
        }
        stop_waiting(c);
    }
}

void
clients_withdraw(struct ctl *ctl)
{
    struct request_error error;
    struct client *c;

    TAILQ_FOREACH(c, &ctl->clients, link) {
        if (!client_is_waiting(c) ||
            reserve_find(&ctl->b->reservations, c->wait_id))
            continue;
        reservation_withdrawal(c->wait_id, &error);
        client_send_error(c, c->id, &error);
        stop_waiting(c);
    }
}
