# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Engines that misbehave, for tests; none is installed.  One with several
# builds says what differs by BAD_ names.

bad_link_flags = $(HARDENING_LDFLAGS) $(MODULE_LDFLAGS) $(SAN_CFLAGS) \
	$(GCOV_CFLAGS) -module -avoid-version -shared -rpath /nowhere

check_LTLIBRARIES += %D%/bad-config.la
%C%_bad_config_la_SOURCES = %D%/bad-config.c %D%/bad-deeds.h
%C%_bad_config_la_LDFLAGS = $(bad_link_flags)

check_LTLIBRARIES += %D%/bad-plan.la
%C%_bad_plan_la_SOURCES = %D%/bad-plan.c %D%/bad-deeds.h
%C%_bad_plan_la_LDFLAGS = $(bad_link_flags)

check_LTLIBRARIES += %D%/bad-wishes.la
%C%_bad_wishes_la_SOURCES = %D%/bad-wishes.c
%C%_bad_wishes_la_LDFLAGS = $(bad_link_flags)

check_LTLIBRARIES += %D%/bad-create-null.la
%C%_bad_create_null_la_SOURCES = %D%/bad-create.c %D%/bad-deeds.h
%C%_bad_create_null_la_CPPFLAGS = $(AM_CPPFLAGS) -DBAD_DEED='"null"'
%C%_bad_create_null_la_LDFLAGS = $(bad_link_flags)

check_LTLIBRARIES += %D%/bad-create-loop.la
%C%_bad_create_loop_la_SOURCES = %D%/bad-create.c %D%/bad-deeds.h
%C%_bad_create_loop_la_CPPFLAGS = $(AM_CPPFLAGS) -DBAD_DEED='"loop"'
%C%_bad_create_loop_la_LDFLAGS = $(bad_link_flags)

check_LTLIBRARIES += %D%/bad-create-crash.la
%C%_bad_create_crash_la_SOURCES = %D%/bad-create.c %D%/bad-deeds.h
%C%_bad_create_crash_la_CPPFLAGS = $(AM_CPPFLAGS) -DBAD_DEED='"crash"'
%C%_bad_create_crash_la_LDFLAGS = $(bad_link_flags)

check_LTLIBRARIES += %D%/bad-load-exit.la
%C%_bad_load_exit_la_SOURCES = %D%/bad-create.c %D%/bad-deeds.h
%C%_bad_load_exit_la_CPPFLAGS = $(AM_CPPFLAGS) -DBAD_EARLY -DBAD_DEED='"exit"'
%C%_bad_load_exit_la_LDFLAGS = $(bad_link_flags)

check_LTLIBRARIES += %D%/bad-load-loop.la
%C%_bad_load_loop_la_SOURCES = %D%/bad-create.c %D%/bad-deeds.h
%C%_bad_load_loop_la_CPPFLAGS = $(AM_CPPFLAGS) -DBAD_EARLY -DBAD_DEED='"loop"'
%C%_bad_load_loop_la_LDFLAGS = $(bad_link_flags)

check_LTLIBRARIES += %D%/bad-struct-nothing.la
%C%_bad_struct_nothing_la_SOURCES = %D%/bad-struct.c
%C%_bad_struct_nothing_la_CPPFLAGS = $(AM_CPPFLAGS) -DBAD_NOTHING
%C%_bad_struct_nothing_la_LDFLAGS = $(bad_link_flags)

check_LTLIBRARIES += %D%/bad-struct-small.la
%C%_bad_struct_small_la_SOURCES = %D%/bad-struct.c
%C%_bad_struct_small_la_CPPFLAGS = $(AM_CPPFLAGS) -DBAD_SMALL
%C%_bad_struct_small_la_LDFLAGS = $(bad_link_flags)

check_LTLIBRARIES += %D%/bad-struct-huge.la
%C%_bad_struct_huge_la_SOURCES = %D%/bad-struct.c
%C%_bad_struct_huge_la_CPPFLAGS = $(AM_CPPFLAGS) -DBAD_HUGE
%C%_bad_struct_huge_la_LDFLAGS = $(bad_link_flags)

check_LTLIBRARIES += %D%/bad-struct-version.la
%C%_bad_struct_version_la_SOURCES = %D%/bad-struct.c
%C%_bad_struct_version_la_CPPFLAGS = $(AM_CPPFLAGS) -DBAD_VERSION
%C%_bad_struct_version_la_LDFLAGS = $(bad_link_flags)

check_LTLIBRARIES += %D%/bad-struct-nameless.la
%C%_bad_struct_nameless_la_SOURCES = %D%/bad-struct.c
%C%_bad_struct_nameless_la_CPPFLAGS = $(AM_CPPFLAGS) -DBAD_NAMELESS
%C%_bad_struct_nameless_la_LDFLAGS = $(bad_link_flags)

check_LTLIBRARIES += %D%/bad-struct-name.la
%C%_bad_struct_name_la_SOURCES = %D%/bad-struct.c
%C%_bad_struct_name_la_CPPFLAGS = $(AM_CPPFLAGS) -DBAD_NAME
%C%_bad_struct_name_la_LDFLAGS = $(bad_link_flags)

check_LTLIBRARIES += %D%/bad-struct-idle.la
%C%_bad_struct_idle_la_SOURCES = %D%/bad-struct.c
%C%_bad_struct_idle_la_CPPFLAGS = $(AM_CPPFLAGS) -DBAD_IDLE
%C%_bad_struct_idle_la_LDFLAGS = $(bad_link_flags)
