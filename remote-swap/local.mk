# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Who needs remote swap, and who can lend.

noinst_LTLIBRARIES += %D%/librswap.la
%C%_librswap_la_SOURCES = \
	%D%/thrash.c \
	%D%/thrash.h \
	$(NULL)
