/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Says how much memory a domain will need, from its xl config.  A program of
 * its own because libxl has no place in a daemon; prints one line of JSON.
 */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>
#include <libxl.h>
#include <libxlutil.h>

#include "util/cleanup.h"
#include "util/parse.h"
#include "util/units.h"
#include "xl-log.h"

/* More than Xen can give to one domain, and far from any overflow. */
#define MIB_MAX   (1L << 32)
#define VCPUS_MAX 4096

/* libxl's calls take KiB, its config files MiB. */
struct amount_key {
    const char *key;
    uint64_t *kib;
};

static int
get_type(const XLU_Config *cfg, libxl_domain_type *ret, struct xl_complaint *c)
{
    const char *type = NULL, *builder = NULL;

    xlu_cfg_get_string(cfg, "type", &type, 1);
    xlu_cfg_get_string(cfg, "builder", &builder, 1);
    if (!type && builder)
        type = strcmp(builder, "generic") == 0 ? "pv" : builder;
    /* xl's default on x86 */
    if (libxl_domain_type_from_string(type ? type : "pv", ret) == 0)
        return 0;
    return xl_complain(c, "there is no domain type \"%s\"", type);
}

static int
get_amounts(const XLU_Config *cfg, libxl_domain_build_info *b)
{
    const struct amount_key keys[] = {
        { "memory", &b->target_memkb },
        { "maxmem", &b->max_memkb },
        { "videoram", &b->video_memkb },
        { "shadow_memory", &b->shadow_memkb },
        { "stubdomain_memory", &b->stubdomain_memkb },
    };

    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        long mib;
        int r = xlu_cfg_get_bounded_long(cfg, keys[i].key, 0, MIB_MAX, &mib, 0);

        if (r != 0 && r != ESRCH)
            return -r;
        if (r == 0)
            *keys[i].kib = (uint64_t)mib * KIB_PER_MIB;
    }
    if (b->max_memkb == LIBXL_MEMKB_DEFAULT)
        b->max_memkb = b->target_memkb;
    return 0;
}

/* Every possible processor costs memory, there from the start or not. */
static int
get_vcpus(const XLU_Config *cfg, libxl_domain_build_info *b)
{
    long vcpus = 1, maxvcpus = 1;
    int r = xlu_cfg_get_bounded_long(cfg, "vcpus", 1, VCPUS_MAX, &vcpus, 0);

    if (r != 0 && r != ESRCH)
        return -r;
    r = xlu_cfg_get_bounded_long(cfg, "maxvcpus", 1, VCPUS_MAX, &maxvcpus, 0);
    if (r != 0 && r != ESRCH)
        return -r;
    b->max_vcpus = (int)(vcpus > maxvcpus ? vcpus : maxvcpus);
    return 0;
}

/* A device model in a domain of its own needs memory of its own. */
static int
get_device_model(const XLU_Config *cfg, libxl_domain_build_info *b,
                 struct xl_complaint *c)
{
    const char *version = NULL;

    xlu_cfg_get_defbool(cfg, "device_model_stubdomain_override",
                        &b->device_model_stubdomain, 0);
    if (xlu_cfg_get_string(cfg, "device_model_version", &version, 0) != 0)
        return 0;
    if (strcmp(version, "qemu-xen") == 0)
        b->device_model_version = LIBXL_DEVICE_MODEL_VERSION_QEMU_XEN;
    else if (strcmp(version, "qemu-xen-traditional") == 0)
        b->device_model_version =
            LIBXL_DEVICE_MODEL_VERSION_QEMU_XEN_TRADITIONAL;
    else
        return xl_complain(c, "there is no device_model_version \"%s\"",
                           version);
    return 0;
}

/* Passing devices through may cost page tables for the IOMMU. */
static int
get_passthrough(const XLU_Config *cfg, libxl_domain_create_info *create,
                struct xl_complaint *c)
{
    const char *mode = NULL;
    int n_devices = 0;

    if (xlu_cfg_get_list(cfg, "pci", NULL, &n_devices, 1) == 0 && n_devices > 0)
        create->passthrough = LIBXL_PASSTHROUGH_ENABLED;
    if (xlu_cfg_get_string(cfg, "passthrough", &mode, 1) != 0)
        return 0;
    if (libxl_passthrough_from_string(mode, &create->passthrough) == 0)
        return 0;
    return xl_complain(c, "there is no passthrough mode \"%s\"", mode);
}

/* A PV guest with a Xen of its own around it shows as PVH, and costs more. */
static const char *
type_text(const libxl_domain_config *config)
{
    const libxl_defbool *shim = &config->b_info.u.pvh.pvshim;

    if (config->c_info.type == LIBXL_DOMAIN_TYPE_PVH &&
        !libxl_defbool_is_default(*shim) && libxl_defbool_val(*shim))
        return "pv-in-pvh";
    return libxl_domain_type_to_string(config->c_info.type);
}

static int
get_config(const XLU_Config *cfg, libxl_domain_config *config,
           struct xl_complaint *c)
{
    int r = get_type(cfg, &config->c_info.type, c);

    if (r < 0)
        return r;
    libxl_domain_build_info_init_type(&config->b_info, config->c_info.type);
    xlu_cfg_get_defbool(cfg, "hap", &config->c_info.hap, 0);
    if (config->c_info.type == LIBXL_DOMAIN_TYPE_PVH)
        xlu_cfg_get_defbool(cfg, "pvshim", &config->b_info.u.pvh.pvshim, 0);
    xlu_cfg_replace_string(cfg, "name", &config->c_info.name, 0);
    r = get_amounts(cfg, &config->b_info);
    if (r == 0)
        r = get_vcpus(cfg, &config->b_info);
    if (r == 0)
        r = get_device_model(cfg, &config->b_info, c);
    if (r == 0)
        r = get_passthrough(cfg, &config->c_info, c);
    return r;
}

static int
get_uuid(const XLU_Config *cfg, char ret_uuid[PARSE_UUID_SIZE],
         struct xl_complaint *c)
{
    const char *text = NULL;

    ret_uuid[0] = '\0';
    if (xlu_cfg_get_string(cfg, "uuid", &text, 0) != 0)
        return 0;
    if (parse_uuid(text, ret_uuid) == 0)
        return 0;
    return xl_complain(c, "\"%s\" is not a uuid", text);
}

static int
ask_libxl(libxl_domain_config *config, uint64_t *ret_need_kib,
          struct xl_complaint *c)
{
    libxl_ctx *ctx = NULL;
    int r = 0;

    if (libxl_ctx_alloc(&ctx, LIBXL_VERSION, 0, &c->logger) != 0) {
        c->text[0] = '\0';
        return xl_complain(c, "libxl does not work here: is this a Xen dom0?");
    }
    if (libxl_domain_need_memory(ctx, config, (uint32_t)INVALID_DOMID,
                                 ret_need_kib) != 0)
        r = xl_complain(c, "libxl cannot tell what this domain needs");
    libxl_ctx_free(ctx);
    return r;
}

static int
print(const libxl_domain_config *config, const char *uuid, uint64_t need_kib)
{
    uint64_t memory_kib = config->b_info.target_memkb;
    struct json_object *root = json_object_new_object();
    const char *name = config->c_info.name;

    json_object_object_add(root, "name",
                           name ? json_object_new_string(name) : NULL);
    json_object_object_add(root, "uuid",
                           uuid[0] ? json_object_new_string(uuid) : NULL);
    json_object_object_add(root, "type",
                           json_object_new_string(type_text(config)));
    json_object_object_add(root, "vcpus",
                           json_object_new_int(config->b_info.max_vcpus));
    json_object_object_add(root, "memory_kib",
                           json_object_new_int64((int64_t)memory_kib));
    json_object_object_add(root, "maxmem_kib",
                           json_object_new_int64(
                               (int64_t)config->b_info.max_memkb));
    json_object_object_add(root, "need_kib",
                           json_object_new_int64((int64_t)need_kib));
    json_object_object_add(root, "overhead_kib",
                           json_object_new_int64(
                               (int64_t)sat_sub(need_kib, memory_kib)));
    puts(json_object_to_json_string_ext(root, JSON_C_TO_STRING_PLAIN));
    json_object_put(root);
    return fflush(stdout) == 0 ? 0 : -errno;
}

static int
size_domain(const XLU_Config *cfg, struct xl_complaint *c)
{
    char uuid[PARSE_UUID_SIZE];
    libxl_domain_config config;
    uint64_t need_kib = 0;
    int r;

    libxl_domain_config_init(&config);
    r = get_config(cfg, &config, c);
    if (r == 0)
        r = get_uuid(cfg, uuid, c);
    if (r == 0)
        r = ask_libxl(&config, &need_kib, c);
    if (r == 0)
        r = print(&config, uuid, need_kib);
    libxl_domain_config_dispose(&config);
    return r;
}

static int
size_file(const char *path, FILE *report, struct xl_complaint *c)
{
    XLU_Config *cfg = xlu_cfg_init(report, path);
    int r;

    if (!cfg)
        return xl_complain(c, "out of memory");
    r = xlu_cfg_readfile(cfg, path);
    r = r != 0 ? xl_complain(c, "%s", strerror(r)) : size_domain(cfg, c);
    xlu_cfg_destroy(cfg);
    return r;
}

/* libxlutil's words come with file and line, but may be several lines. */
static void
print_error(const char *path, const char *report, const struct xl_complaint *c)
{
    if (report && report[0])
        fprintf(stderr, "xl-need: %.*s\n", (int)strcspn(report, "\n"), report);
    else
        fprintf(stderr, "xl-need: %s: %s\n", path, c->text);
}

int
main(int argc, char **argv)
{
    struct xl_complaint complaint;
    cleanup_free char *text = NULL;
    size_t size = 0;
    FILE *report;
    int r;

    if (argc != 2 || argv[1][0] == '-') {
        fprintf(stderr, "usage: xl-need CONFIG\n");
        return EXIT_FAILURE;
    }
    xl_complaint_init(&complaint);
    report = open_memstream(&text, &size);
    if (!report) {
        fprintf(stderr, "xl-need: out of memory\n");
        return EXIT_FAILURE;
    }
    r = size_file(argv[1], report, &complaint);
    fclose(report);
    if (r < 0)
        print_error(argv[1], text, &complaint);
    return r < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
