# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Helpers that need nothing but libc.

noinst_LTLIBRARIES += %D%/libutil.la
%C%_libutil_la_SOURCES = \
	%D%/cleanup.h \
	%D%/clock.c \
	%D%/clock.h \
	%D%/file.c \
	%D%/file.h \
	%D%/histogram.c \
	%D%/histogram.h \
	%D%/parse.c \
	%D%/parse.h \
	%D%/text.c \
	%D%/text.h \
	%D%/units.h \
	%D%/uuid.c \
	%D%/uuid.h \
	$(NULL)
