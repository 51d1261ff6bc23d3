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

static bool
is_taken(const libxl_device_disk *disks, int n, const char *vdev)
{
    for (int i = 0; i < n; i++)
        if (disks[i].vdev && strcmp(disks[i].vdev, vdev) == 0)
            return true;
    return false;
}

static int
choose_vdev(const struct call *c, uint32_t domid, char ret[OFFER_VDEV_SIZE])
{
    int n = 0;
    libxl_device_disk *disks = libxl_device_disk_list(c->ctx, domid, &n);
    char letter = VDEV_LAST;

    do
        snprintf(ret, OFFER_VDEV_SIZE, "xvd%c", letter);
    while (is_taken(disks, n, ret) && --letter >= VDEV_FIRST);
    if (disks)
        libxl_device_disk_list_free(disks, n);
    if (letter < VDEV_FIRST)
        return rswap_fail(c->failure, RSWAP_VBD_FAILED,
                          "domain %u: has a device of each name already",
                          domid);
    return 0;
}

static int
add(const struct call *c, uint32_t domid, const char *device, const char *vdev)
{
    libxl_device_disk disk;
    int r = 0;

    libxl_device_disk_init(&disk);
    disk.pdev_path = strdup(device);
    disk.vdev = strdup(vdev);
    disk.script = strdup(HOTPLUG);
    disk.backend = LIBXL_DISK_BACKEND_PHY;
    disk.format = LIBXL_DISK_FORMAT_RAW;
    disk.readwrite = 1;
    if (!disk.pdev_path || !disk.vdev || !disk.script)
        r = rswap_fail(c->failure, RSWAP_SYSTEM, "out of memory");
    else if (libxl_device_disk_add(c->ctx, domid, &disk, NULL) != 0)
        r = call_failed(c, RSWAP_VBD_FAILED, domid, "cannot add the device");
    libxl_device_disk_dispose(&disk);
    return r;
}

int
rswap_vbd_make(const struct rswap_volume *v, uint32_t domid, const char *vdev,
               struct rswap_failure *f)
{
    char device[PATH_SIZE], chosen[OFFER_VDEV_SIZE];
    struct call c;
    int r = call_begin(&c, f);

    if (r < 0)
        return r;
    snprintf(device, sizeof(device), "/dev/%s", v->md);
    snprintf(chosen, sizeof(chosen), "%s", vdev);
    if (!is_alive(&c, domid))
        r = rswap_fail(f, RSWAP_NO_DOMAIN, "there is no domain %u", domid);
    if (r == 0 && !vdev[0])
        r = choose_vdev(&c, domid, chosen);
    if (r == 0)
        r = add(&c, domid, device, chosen);
    call_end(&c);
    return r;
}

static int
take_away(const struct call *c, const struct rswap_vbd *vbd, bool is_forced)
{
    libxl_device_disk disk;
    int r = 0;

    libxl_device_disk_init(&disk);
    if (libxl_vdev_to_device_disk(c->ctx, vbd->domid, vbd->vdev, &disk) != 0)
        r = call_failed(c, RSWAP_VBD_FAILED, vbd->domid, "has no such device");
    else if (is_forced || !vbd->is_connected)
        r = libxl_device_disk_destroy(c->ctx, vbd->domid, &disk, NULL);
    else
        r = libxl_device_disk_remove(c->ctx, vbd->domid, &disk, NULL);
    libxl_device_disk_dispose(&disk);
    if (r != 0)
        return call_failed(c, RSWAP_IN_USE, vbd->domid,
                           "does not give the device back");
    return 0;
}

int
rswap_vbd_drop(const struct rswap_volume *v, bool is_forced,
               struct rswap_failure *f)
{
    struct call c;
    int r = call_begin(&c, f);

    if (r < 0)
        return r;
    r = take_away(&c, &v->vbd, is_forced);
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
