/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One call of libxl each; it waits for the hotplug script and for the guest,
 * and gives up by itself. */
#include <config.h>

#include <libxl.h>
#include <libxl_utils.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rswap-attach-vbd.h"
#include "xl-log.h"

/* Names with one letter and a device number that every guest knows. */
#define VDEV_FIRST 'b'
#define VDEV_LAST  'p'
#define PATH_SIZE  64
#define HOTPLUG    PKGLIBEXECDIR "/rswap-hotplug"

struct call {
    struct xl_complaint complaint;
    libxl_ctx *ctx;
    struct rswap_failure *failure;
};

static int
call_begin(struct call *c, struct rswap_failure *f)
{
    xl_complaint_init(&c->complaint);
    c->ctx = NULL;
    c->failure = f;
    if (libxl_ctx_alloc(&c->ctx, LIBXL_VERSION, 0, &c->complaint.logger) != 0)
        return rswap_fail(f, RSWAP_SYSTEM,
                          "libxl does not work here: is this a Xen dom0?");
    return 0;
}

static void
call_end(struct call *c)
{
    libxl_ctx_free(c->ctx);
}

static int
call_failed(const struct call *c, const char *code, uint32_t domid,
            const char *what)
{
    return rswap_fail(c->failure, code, "domain %u: %s: %s", domid, what,
                      c->complaint.text[0] ? c->complaint.text
                                           : "libxl does not say why");
}

/* One that goes away is gone. */
static bool
is_alive(const struct call *c, uint32_t domid)
{
    libxl_dominfo info;
    bool is_dying;

    libxl_dominfo_init(&info);
    is_dying = libxl_domain_info(c->ctx, &info, domid) != 0 || info.dying ||
               info.shutdown;
    libxl_dominfo_dispose(&info);
    return !is_dying;
}

/* What libxl knows of; it knows nothing of other volumes. */
struct known {
    libxl_device_disk *disks;
    int n;
};

static bool
is_known(const struct known *k, const char *vdev)
{
    for (int i = 0; i < k->n; i++)
        if (k->disks[i].vdev && strcmp(k->disks[i].vdev, vdev) == 0)
            return true;
    return false;
}

static int
choose_vdev(const struct call *c, struct rswap_store *st, uint32_t domid,
            char ret[OFFER_VDEV_SIZE])
{
    struct known known = { .n = 0 };
    char letter = VDEV_LAST;

    known.disks = libxl_device_disk_list(c->ctx, domid, &known.n);
    do
        snprintf(ret, OFFER_VDEV_SIZE, "xvd%c", letter);
    while ((is_known(&known, ret) || rswap_store_has_vdev(st, domid, ret)) &&
           --letter >= VDEV_FIRST);
    if (known.disks)
        libxl_device_disk_list_free(known.disks, known.n);
    if (letter < VDEV_FIRST)
        return rswap_fail(c->failure, RSWAP_VBD_FAILED,
                          "domain %u: has a device of each name already",
                          domid);
    return 0;
}

static int
describe(const struct call *c, const struct rswap_volume *v, const char *vdev,
         libxl_device_disk *ret)
{
    char device[PATH_SIZE];

    snprintf(device, sizeof(device), "/dev/%s", v->md);
    libxl_device_disk_init(ret);
    ret->pdev_path = strdup(device);
    ret->vdev = strdup(vdev);
    ret->script = strdup(HOTPLUG);
    ret->backend = LIBXL_DISK_BACKEND_PHY;
    ret->format = LIBXL_DISK_FORMAT_RAW;
    ret->readwrite = 1;
    if (!ret->pdev_path || !ret->vdev || !ret->script)
        return rswap_fail(c->failure, RSWAP_SYSTEM, "out of memory");
    return 0;
}

static int
add(const struct call *c, uint32_t domid, const struct rswap_volume *v,
    const char *vdev)
{
    libxl_device_disk disk;
    int r = describe(c, v, vdev, &disk);

    if (r == 0 && libxl_device_disk_add(c->ctx, domid, &disk, NULL) != 0)
        r = call_failed(c, RSWAP_VBD_FAILED, domid, "cannot add the device");
    libxl_device_disk_dispose(&disk);
    return r;
}

int
rswap_vbd_make(const struct rswap_volume *v, struct rswap_store *st,
               uint32_t domid, const char *vdev, struct rswap_failure *f)
{
    char chosen[OFFER_VDEV_SIZE];
    struct call c;
    int r = call_begin(&c, f);

    if (r < 0)
        return r;
    snprintf(chosen, sizeof(chosen), "%s", vdev);
    if (!is_alive(&c, domid))
        r = rswap_fail(f, RSWAP_NO_DOMAIN, "there is no domain %u", domid);
    if (r == 0 && !vdev[0])
        r = choose_vdev(&c, st, domid, chosen);
    else if (r == 0 && rswap_store_has_vdev(st, domid, vdev))
        r = rswap_fail(f, RSWAP_VBD_FAILED,
                       "domain %u: has a device %s already", domid, vdev);
    if (r == 0)
        r = add(&c, domid, v, chosen);
    call_end(&c);
    return r;
}

/* libxl has been made to forget it, and is told what it was. */
static int
take_away(const struct call *c, const struct rswap_volume *v, bool is_forced)
{
    const struct rswap_vbd *vbd = &v->vbd;
    libxl_device_disk disk;
    int r = describe(c, v, vbd->vdev, &disk);
    int error = 0;

    if (r == 0 && (is_forced || !vbd->is_connected))
        error = libxl_device_disk_destroy(c->ctx, vbd->domid, &disk, NULL);
    else if (r == 0)
        error = libxl_device_disk_remove(c->ctx, vbd->domid, &disk, NULL);
    libxl_device_disk_dispose(&disk);
    if (error != 0)
        r = call_failed(c, RSWAP_IN_USE, vbd->domid,
                        "does not give the device back");
    return r;
}

int
rswap_vbd_drop(const struct rswap_volume *v, bool is_forced,
               struct rswap_failure *f)
{
    struct call c;
    int r = call_begin(&c, f);

    if (r < 0)
        return r;
    r = take_away(&c, v, is_forced);
    call_end(&c);
    return r;
}

bool
rswap_vbd_guest_lives(uint32_t domid)
{
    struct rswap_failure ignored = { .code = NULL };
    struct call c;
    bool is_living;

    if (call_begin(&c, &ignored) < 0)
        return true;
    is_living = is_alive(&c, domid);
    call_end(&c);
    return is_living;
}
