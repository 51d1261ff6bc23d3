/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Swap devices that are offered: their signature, the offer, the answer, and
 * what an agent does about them. */
#include <config.h>

#include <errno.h>
#include <string.h>

#include "guest/swap-areas.h"
#include "guest/swap-decide.h"
#include "proto/offer.h"
#include "proto/swap-header.h"
#include "unit.h"

#define UUID "8a1cf00d-1111-4222-8333-44445555abcd"

/* The first bytes that mkswap -L rswap-8a1cf00d -U UUID writes behind the
 * boot loader's place on 64 MiB. */
static const unsigned char fields_of_mkswap[] = {
    0x01, 0x00, 0x00, 0x00, 0xff, 0x3f, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x8a, 0x1c, 0xf0, 0x0d, 0x11, 0x11, 0x42, 0x22, 0x83, 0x33,
    0x44, 0x44, 0x55, 0x55, 0xab, 0xcd, 'r',  's',  'w',  'a',  'p',
    '-',  '8',  'a',  '1',  'c',  'f',  '0',  '0',  'd',
};

static struct swap_header
good_header(void)
{
    struct swap_header h = { .uuid = UUID, .size_kib = 64 * 1024 };

    swap_header_label(UUID, h.label);
    return h;
}

START_TEST(test_header_is_that_of_mkswap)
{
    struct swap_header h = good_header(), again;
    unsigned char page[SWAP_HEADER_BYTES];

    ck_assert_str_eq(h.label, "rswap-8a1cf00d");
    ck_assert_int_eq(swap_header_format(&h, page), 0);
    if (page[1024] == 1) /* little endian */
        ck_assert_mem_eq(page + 1024, fields_of_mkswap,
                         sizeof(fields_of_mkswap));
    ck_assert_mem_eq(page + 4086, "SWAPSPACE2", 10);
    ck_assert_int_eq(swap_header_parse(page, &again), 0);
    ck_assert_str_eq(again.uuid, h.uuid);
    ck_assert_str_eq(again.label, h.label);
    ck_assert_uint_eq(again.size_kib, h.size_kib);
}
END_TEST

START_TEST(test_header_of_others_is_refused)
{
    struct swap_header h = good_header(), again = { .label = "kept" };
    unsigned char page[SWAP_HEADER_BYTES] = { 0 };

    ck_assert_int_eq(swap_header_parse(page, &again), -EINVAL);
    ck_assert_int_eq(swap_header_format(&h, page), 0);
    memset(page + 1024 + 28, 'x', 16); /* a label that fills its place */
    ck_assert_int_eq(swap_header_parse(page, &again), 0);
    ck_assert_str_eq(again.label, "xxxxxxxxxxxxxxx");
    memset(page + 1024 + 4, 0, 4); /* no pages */
    ck_assert_int_eq(swap_header_parse(page, &again), -ERANGE);
    page[1024] = page[1027] = 9; /* another version, in any byte order */
    ck_assert_int_eq(swap_header_parse(page, &again), -EINVAL);
    h.size_kib = 36;
    ck_assert_int_eq(swap_header_format(&h, page), -ERANGE);
    h.size_kib = UINT64_MAX;
    ck_assert_int_eq(swap_header_format(&h, page), -ERANGE);
    h = good_header();
    h.uuid[3] = 'x';
    ck_assert_int_eq(swap_header_format(&h, page), -EINVAL);
}
END_TEST

START_TEST(test_offer_is_read_as_written)
{
    const struct offer o = { .is_on = true,
                             .serial = 3,
                             .uuid = UUID,
                             .size_kib = 64512,
                             .vdev = "xvdp",
                             .priority = 100,
                             .move_kib_per_s = 1024 };
    struct offer again;
    char text[OFFER_TEXT_SIZE];

    offer_format(&o, text);
    ck_assert_str_eq(text, "1 state=on serial=3 uuid=" UUID " size=64512 "
                           "vdev=xvdp priority=100 move=1024");
    ck_assert_int_eq(offer_parse(text, strlen(text), &again), 0);
    ck_assert_int_eq(again.is_on, o.is_on);
    ck_assert_uint_eq(again.serial, o.serial);
    ck_assert_str_eq(again.uuid, o.uuid);
    ck_assert_uint_eq(again.size_kib, o.size_kib);
    ck_assert_str_eq(again.vdev, o.vdev);
    ck_assert_uint_eq(again.priority, o.priority);
    ck_assert_uint_eq(again.move_kib_per_s, o.move_kib_per_s);
}
END_TEST

#define REST " uuid=" UUID " size=64512 vdev=xvdp"

static const struct {
    const char *text;
    int r;
} offers[] = {
    { "1 state=on" REST, 0 },
    { "1 later=word state=off" REST, 0 },
    { "2 state=on" REST, -EPROTONOSUPPORT },
    { "", -EINVAL },
    { "x", -EINVAL },
    { "1", -EINVAL },
    { "1 state=on uuid=" UUID " size=64512", -EINVAL },
    { "1 state=on uuid=" UUID " vdev=xvdp", -EINVAL },
    { "1 state=on size=64512 vdev=xvdp", -EINVAL },
    { "1 state=maybe" REST, -EINVAL },
    { "1 state=on" REST " priority=32768", -ERANGE },
    { "1 state=on uuid=" UUID " size=0 vdev=xvdp", -ERANGE },
    { "1 state=on uuid=" UUID " size=9 vdev=../sda", -EINVAL },
    { "1 state=on uuid=" UUID " size=9 vdev=aaaaaaaaaaaaaaaa", -EINVAL },
};

START_TEST(test_offer_is_strict)
{
    struct offer o;

    ck_assert_int_eq(offer_parse(offers[_i].text, strlen(offers[_i].text), &o),
                     offers[_i].r);
}
END_TEST

static const struct {
    const char *text;
    int r;
    bool is_in_use;
    const char *reason;
} answers[] = {
    { "1 state=on serial=1 used=4", 0, true, "" },
    { "1 state=waiting", 0, true, "" },
    { "1 state=leaving used=9", 0, true, "" },
    { "1 state=off", 0, false, "" },
    { "1 state=refused why=no-memory need=20 have=10", 0, true,
      "needs 20 KiB for what is on the device, can find 10 KiB" },
    { "1 state=refused why=swapoff errno=12", 0, true,
      "swapoff: Cannot allocate memory" },
    { "1 state=refused why=swapon errno=1", 0, false,
      "swapon: Operation not permitted" },
    { "1 state=refused why=other-area", 0, false,
      "the swap area on the device is not the one offered" },
    { "1 state=refused why=no-swap-area", 0, false,
      "there is no swap area on the device" },
    /* of a newer agent: it may have it */
    { "1 state=refused why=weather", 0, true, "" },
    { "1 state=perhaps", -EINVAL, true, NULL },
    { "1 used=4", -EINVAL, true, NULL },
    { "1 state=on used=-1", -EINVAL, true, NULL },
    { "1 state=on used=99999999999999999999", -ERANGE, true, NULL },
    { "1 state=refused errno=4096", -ERANGE, true, NULL },
    { "2 state=on", -EPROTONOSUPPORT, true, NULL },
};

START_TEST(test_answer_is_judged)
{
    struct offer_answer a, again;
    char reason[OFFER_REASON_SIZE], text[OFFER_TEXT_SIZE];
    int r = offer_answer_parse(answers[_i].text, strlen(answers[_i].text), &a);

    ck_assert_int_eq(r, answers[_i].r);
    if (r < 0)
        return;
    ck_assert_int_eq(offer_is_in_use(&a), answers[_i].is_in_use);
    ck_assert_str_eq(offer_reason(&a, reason), answers[_i].reason);
    offer_answer_format(&a, text);
    ck_assert_int_eq(offer_answer_parse(text, strlen(text), &again), 0);
    ck_assert(a.state == again.state && a.why == again.why &&
              a.used_kib == again.used_kib && a.need_kib == again.need_kib &&
              a.have_kib == again.have_kib && a.error == again.error &&
              a.serial == again.serial);
}
END_TEST

/* A guest of 128 MiB with 64 MiB on the host's device; 0: it is not swapped
 * to.  8 MiB are left alone. */
static const struct {
    bool is_on, has_area;
    uint64_t used_mib, available_mib, other_free_mib;
    bool is_leaving;
    enum offer_state before; /* to the same offer */
    enum swap_deed deed;
    enum offer_state state;
} looks[] = {
    { true, false, 0, 50, 0, false, OFFER_NO_ANSWER, SWAP_TAKE, OFFER_WAITING },
    { true, false, 0, 50, 0, false, OFFER_WAITING, SWAP_TAKE, OFFER_WAITING },
    { true, false, 0, 50, 0, false, OFFER_REFUSED, SWAP_NOTHING,
      OFFER_REFUSED },
    { true, true, 9, 50, 0, false, OFFER_WAITING, SWAP_NOTHING, OFFER_ON },
    { true, true, 9, 50, 0, false, OFFER_REFUSED, SWAP_NOTHING, OFFER_ON },
    { true, true, 9, 50, 0, true, OFFER_LEAVING, SWAP_STAY, OFFER_LEAVING },
    { false, false, 0, 50, 0, false, OFFER_LEAVING, SWAP_NOTHING, OFFER_OFF },
    { false, false, 0, 50, 0, false, OFFER_NO_ANSWER, SWAP_NOTHING, OFFER_OFF },
    { false, true, 9, 50, 0, false, OFFER_ON, SWAP_LEAVE, OFFER_LEAVING },
    { false, true, 9, 17, 0, false, OFFER_ON, SWAP_LEAVE, OFFER_LEAVING },
    { false, true, 9, 16, 0, false, OFFER_ON, SWAP_NOTHING, OFFER_REFUSED },
    { false, true, 9, 10, 7, false, OFFER_ON, SWAP_LEAVE, OFFER_LEAVING },
    { false, true, 9, 10, 6, false, OFFER_ON, SWAP_NOTHING, OFFER_REFUSED },
    { false, true, 9, 50, 0, false, OFFER_REFUSED, SWAP_NOTHING,
      OFFER_REFUSED },
    { false, true, 9, 50, 0, true, OFFER_LEAVING, SWAP_NOTHING, OFFER_LEAVING },
};

START_TEST(test_agent_decides)
{
    struct swap_task t = { .is_leaving = looks[_i].is_leaving };
    struct offer_answer answer;
    struct sample s;

    sample_init(&s);
    s.total_kib = 128 * 1024;
    s.available_kib = looks[_i].available_mib * 1024;
    s.swap_free_kib = looks[_i].other_free_mib * 1024;
    if (looks[_i].has_area) {
        s.swaps[1] = (struct sample_swap){ "xvdp", 64 * 1024,
                                           looks[_i].used_mib * 1024 };
        s.swap_free_kib += (64 - looks[_i].used_mib) * 1024;
    }
    s.swaps[0] = (struct sample_swap){ "xvdb", 1024, 0 };
    t.offer.is_on = looks[_i].is_on;
    t.offer.serial = 5;
    strcpy(t.offer.vdev, "xvdp");
    t.answer.state = looks[_i].before;
    t.answer.serial = 5;
    ck_assert_int_eq(swap_decide(&t, &s, &answer), looks[_i].deed);
    ck_assert_int_eq(answer.state, looks[_i].state);
    ck_assert_uint_eq(answer.serial, 5);
}
END_TEST

/* Asked again, it looks again. */
START_TEST(test_agent_does_not_sulk)
{
    struct swap_task t = {
        .offer = { .is_on = true, .serial = 2, .vdev = "xvdp" },
        .answer = { .state = OFFER_REFUSED, .serial = 1 }
    };
    struct offer_answer answer;
    struct sample s;

    sample_init(&s);
    ck_assert_int_eq(swap_decide(&t, &s, &answer), SWAP_TAKE);
}
END_TEST

/* The area has room for 55 MiB. */
static const struct {
    bool is_on;
    enum offer_state state;
    uint64_t rate, others_mib;
    bool should;
} moves[] = {
    { true, OFFER_ON, 1024, 40, true },
    { true, OFFER_ON, 1024, 47, true },
    { true, OFFER_ON, 1024, 48, false }, /* 8 MiB stay free */
    { true, OFFER_ON, 1024, 0, false },
    { true, OFFER_ON, 0, 40, false },
    { false, OFFER_ON, 1024, 40, false },
    { true, OFFER_LEAVING, 1024, 40, false },
    { true, OFFER_WAITING, 1024, 40, false },
};

START_TEST(test_agent_moves_what_has_room)
{
    struct swap_task t = { .offer = { .is_on = moves[_i].is_on,
                                      .vdev = "xvdp",
                                      .move_kib_per_s = moves[_i].rate },
                           .answer = { .state = moves[_i].state } };
    struct sample s;

    sample_init(&s);
    ck_assert(!swap_should_move(&t, &s, 1024));
    s.swaps[0] = (struct sample_swap){ "xvdp", 64 * 1024, 9 * 1024 };
    ck_assert_int_eq(swap_should_move(&t, &s, moves[_i].others_mib * 1024),
                     moves[_i].should);
}
END_TEST

START_TEST(test_areas_are_read)
{
    static const char text[] =
        "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"
        "/dev/xvdb                               partition\t131068\t\t512"
        "\t\t-2\n"
        "/swap\\040file                           file\t\t9\t\t9\t\t-3\n"
        "/dev/xvdp\tpartition\t64512\t0\t100\n"
        "/dev/short\tpartition\t64512\n"
        "/dev/last\tfile\t8\t4\t0";
    struct swap_area areas[SWAP_AREAS_MAX];

    ck_assert_uint_eq(swap_areas_parse(text, areas), 3);
    ck_assert_str_eq(areas[0].path, "/dev/xvdb");
    ck_assert_uint_eq(areas[0].size_kib, 131068);
    ck_assert_uint_eq(areas[0].used_kib, 512);
    ck_assert_int_eq(areas[0].priority, -2);
    ck_assert_str_eq(areas[1].path, "/dev/xvdp");
    ck_assert_int_eq(areas[1].priority, 100);
    ck_assert_str_eq(areas[2].path, "/dev/last");
    ck_assert_uint_eq(swap_areas_parse("", areas), 0);
}
END_TEST

START_TEST(test_only_news_is_told)
{
    struct offer_answer told = { .state = OFFER_ON, .serial = 1 };
    struct offer_answer now = told;

    ck_assert(!swap_is_news(&told, &now));
    now.used_kib = 4095;
    ck_assert(!swap_is_news(&told, &now));
    now.used_kib = 4096;
    ck_assert(swap_is_news(&told, &now));
    now = told;
    now.serial = 2;
    ck_assert(swap_is_news(&told, &now));
}
END_TEST

static void
add(TCase *tests)
{
    tcase_add_test(tests, test_header_is_that_of_mkswap);
    tcase_add_test(tests, test_header_of_others_is_refused);
    tcase_add_test(tests, test_offer_is_read_as_written);
    UNIT_ADD_ROWS(tests, test_offer_is_strict, offers);
    UNIT_ADD_ROWS(tests, test_answer_is_judged, answers);
    UNIT_ADD_ROWS(tests, test_agent_decides, looks);
    tcase_add_test(tests, test_agent_does_not_sulk);
    UNIT_ADD_ROWS(tests, test_agent_moves_what_has_room, moves);
    tcase_add_test(tests, test_areas_are_read);
    tcase_add_test(tests, test_only_news_is_told);
}

int
main(void)
{
    return unit_run("offer", add);
}
