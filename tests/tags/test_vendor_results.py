"""The table a vendor brings back: whatever is wrong is named by row and column, and bounded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tags.errors import UnreadableTableError
from tags.vendor_results import LARGEST_TABLE, MOST_ROWS, Fault, Result, read_results

CODE, OTHER = "K7QM2XRA9FT84", "0000000000000"
UID = bytes.fromhex("04DE5F1EACC040")


def test_a_row_is_read_as_people_write_it():
    table = "Code;UID;Status;Reading\n k7qm-2xra-9ft84 ;04:de:5f:1e:ac:c0:40;OK; https://x \n"

    results = read_results(table.encode())

    assert results.rows == (Result(2, CODE, UID, reading="https://x"),)
    assert results.faults == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_it_is_read_in_every_form_that_spreadsheets_write(encoding, separator, end):
    lines = [["uid", "note", "code"], ["04DE5F1EACC040", "Zoë", CODE]]
    table = end.join(separator.join(line) for line in lines) + end

    (row,) = read_results(table.encode(encoding)).rows

    assert (row.code, row.uid) == (CODE, UID)


def test_the_mark_that_holds_a_cell_for_text_is_passed_over():
    (row,) = read_results(f"code,uid\n'{CODE},'04DE5F1EACC040\n".encode()).rows

    assert (row.code, row.uid) == (CODE, UID)


def test_our_own_table_with_two_columns_more_comes_back():
    table = f"code,kind,key_version,label,uid,status\n{CODE},ntag424,2,x,04DE5F1EACC040,failed\n"

    (row,) = read_results(table.encode()).rows

    assert (row.has_failed, row.key_version) == (True, 2)


@pytest.mark.parametrize(
    ("cells", "column", "words"),
    [
        ("K7QM2XRA9FT8,04DE5F1EACC040,,,", "code", "this code has 13 characters, not 12"),
        ("K7QM2XRA9FT89,04DE5F1EACC040,,,", "code", "a character is wrong"),
        (f"{CODE},4.12E+12,,,", "uid", "14 hexadecimal digits"),
        (f"{CODE},04DE5F1EACC0,,,", "uid", "14 hexadecimal digits"),
        (f"{CODE},04DE5F1EACC040,maybe,,", "status", "write ok or failed"),
        (f"{CODE},04DE5F1EACC040,ok,two,", "key_version", "whole number"),
        (f"{CODE},04DE5F1EACC040,ok,-1,", "key_version", "whole number"),
        (f"{CODE},04DE5F1EACC040,ok,²,", "key_version", "whole number"),
    ],
)
def test_what_is_wrong_is_named_by_row_and_column(cells, column, words):
    table = f"code,uid,status,key_version,reading\n{OTHER},04AAAAAAAAAAAA,,,\n\n{cells}\n"

    results = read_results(table.encode())

    (fault,) = results.faults
    assert (fault.row, fault.column) == (4, column)
    assert words in fault.words
    assert [row.code for row in results.rows] == [OTHER]


def test_no_tag_and_no_chip_comes_twice():
    table = f"code,uid\n{CODE},04DE5F1EACC040\n{CODE},04AAAAAAAAAAAA\n{OTHER},04DE5F1EACC040\n"

    results = read_results(table.encode())

    assert results.faults == (
        Fault(3, "code", "this stands in row 2 already"),
        Fault(4, "uid", "this stands in row 2 already"),
    )


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"uid,status\n",
        b"code,uid\n",
        b"code,uid\n , \n",
        b"code,code,uid\n",
        b"code;uid,status\n",
        b"\xff\xfe",
        bytes(LARGEST_TABLE + 1),
        b"code,uid\n" + b"0,0\n" * (MOST_ROWS + 1),
        b'code,uid\n"' + b"x" * 140_000,
    ],
)
def test_what_is_no_such_table_is_refused_as_a_whole(content):
    with pytest.raises(UnreadableTableError):
        read_results(content)


def test_as_many_rows_as_may_come_are_read():
    table = b"code,uid\n" + b"x,\n" * MOST_ROWS

    assert len(read_results(table).faults) == MOST_ROWS


def test_a_fault_repeats_no_cell():
    table = f"code,uid,status\n{CODE},secret-serial,secret-status\n"

    (fault,) = read_results(table.encode()).faults

    assert "secret" not in fault.words


@given(st.binary(max_size=400))
def test_no_bytes_break_it(content):
    try:
        results = read_results(b"code,uid,status,key_version,reading\n" + content)
    except UnreadableTableError:
        return

    assert all(fault.row >= 2 for fault in results.faults)


@given(st.text(max_size=200))
def test_no_text_breaks_it(text):
    try:
        read_results(text.encode("utf-8", errors="surrogatepass"))
    except UnreadableTableError:
        return
