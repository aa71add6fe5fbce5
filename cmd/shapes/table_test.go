package main

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestCells(t *testing.T) {
	for text, want := range map[string]int{"": 0, "Italia": 6, "日本": 4, "e\u0301": 1, "ｱ": 1, "\u200fא": 1, "…": 1} {
		if got := cells(text); got != want {
			t.Errorf("%q takes %d columns, want %d", text, got, want)
		}
	}
}

func TestTable(t *testing.T) {
	tab := table{right: map[int]bool{1: true}}
	tab.row("日本/", "7", "two\nlines")
	tab.row("  Tōkyō", "12", "")
	want := "日本/     7  two lines\n  Tōkyō  12\n"
	var b strings.Builder
	tab.write(&b, 0)
	if b.String() != want {
		t.Errorf("got\n%q, want\n%q", b.String(), want)
	}
}

func TestTableIsCut(t *testing.T) {
	tab := table{elastic: 1}
	tab.row("id", "a name that is much too long for it", "paused")
	tab.row("id", "short", "running")
	var b strings.Builder
	tab.write(&b, 40)
	want := "id  a name that is much too lo…  paused\nid  short                        running\n"
	if b.String() != want {
		t.Errorf("got\n%s", b.String())
	}
}

// No line is wider than the terminal, whatever stands in it, and no row
// becomes two.
func TestTableFits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		columns := rapid.IntRange(1, 120).Draw(t, "columns")
		n := rapid.IntRange(1, 4).Draw(t, "fields")
		tab := table{elastic: rapid.IntRange(0, n-1).Draw(t, "elastic"), right: map[int]bool{n - 1: rapid.Bool().Draw(t, "right")}}
		rows := rapid.IntRange(1, 5).Draw(t, "rows")
		for range rows {
			tab.row(rapid.SliceOfN(rapid.String(), n, n).Draw(t, "row")...)
		}
		var b strings.Builder
		tab.write(&b, columns)
		lines := strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
		if len(lines) != rows {
			t.Fatalf("%d lines of %d rows", len(lines), rows)
		}
		for _, l := range lines {
			if cells(l) > columns || !utf8.ValidString(l) {
				t.Fatalf("%q takes %d of %d columns", l, cells(l), columns)
			}
		}
	})
}

// Columns without a text go; the others keep what they are.
func TestTableLean(t *testing.T) {
	tab := table{elastic: 2, more: []int{4}, right: map[int]bool{1: true, 3: true}}
	tab.row("A", "B", "C", "D", "E")
	tab.row("a", "", "a long text that is cut", "7", "another one")
	tab.row("a", "", "", "10", "")
	tab.lean()
	var b strings.Builder
	tab.write(&b, 30)
	want := "A  C              D  E\na  a long text…   7  another …\na                10\n"
	if b.String() != want {
		t.Errorf("got\n%s", b.String())
	}
}

func TestErrorsInOneLine(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "one": "one", "one\ntwo": "one; two", "read a:\n  it is\tbad\n\n": "read a: it is bad", "a;\nb": "a; b",
	} {
		if got := inOneLine(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}
