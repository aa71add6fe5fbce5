package main

import (
	"io"
	"os"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/term"
	"golang.org/x/text/width"
)

// columns returns how wide the terminal is that results go to, 0 if they go
// elsewhere and nothing needs to be cut.
func (s std) columns() int { return columnsOf(s.out) }

func columnsOf(w io.Writer) int {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return 0
	}
	n, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 0
	}
	return n
}

// cells is how many columns of a terminal text takes.
func cells(text string) int {
	n := 0
	for _, r := range text {
		n += runeCells(r)
	}
	return n
}

func runeCells(r rune) int {
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// cut shortens text to at most n columns, with … at its end.
func cut(text string, n int) string {
	if cells(text) <= n {
		return text
	}
	used := 1 // of the …
	for i, r := range text {
		if used += runeCells(r); used > n {
			return text[:i] + "…"
		}
	}
	return text
}

// table is rows of text in aligned columns.
type table struct {
	rows    [][]string
	elastic int          // the column that is cut if a row is too wide
	more    []int        // columns that are cut as well if that is not enough, in this order
	right   map[int]bool // columns of numbers
}

func (t *table) row(texts ...string) {
	for i := range texts {
		texts[i] = oneRow(texts[i])
	}
	t.rows = append(t.rows, texts)
}

// oneRow keeps a text from breaking the table; blanks at its begin stay.
func oneRow(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)
}

// leastElastic is what a name keeps on the narrowest terminal.
const leastElastic = 12

// write writes the table; columns is the room there is, 0 for any.
func (t *table) write(w io.Writer, columns int) {
	widths := t.widths()
	elastic := append([]int{t.elastic}, t.more...)
	for _, i := range elastic {
		if all := t.total(widths); columns > 0 && all > columns && i < len(widths) && widths[i] > leastElastic {
			widths[i] = max(leastElastic, widths[i]-(all-columns))
		}
	}
	var b strings.Builder
	for _, row := range t.rows {
		line := ""
		for i, text := range row {
			if slices.Contains(elastic, i) {
				text = cut(text, widths[i])
			}
			pad := strings.Repeat(" ", max(0, widths[i]-cells(text)))
			if i > 0 {
				line += "  "
			}
			if t.right[i] {
				line += pad + text
			} else {
				line += text + pad
			}
		}
		line = strings.TrimRight(line, " ")
		if columns > 0 {
			line = cut(line, columns)
		}
		b.WriteString(line + "\n")
	}
	_, _ = io.WriteString(w, b.String()) // as with every result: a reader that has gone needs no more
}

func (t *table) widths() []int {
	var out []int
	for _, row := range t.rows {
		for i, text := range row {
			if i == len(out) {
				out = append(out, 0)
			}
			out[i] = max(out[i], cells(text))
		}
	}
	return out
}

// lean takes away the columns that have nothing below their title.
func (t *table) lean() {
	if len(t.rows) == 0 {
		return
	}
	var gone []bool
	for i := range t.rows[0] {
		gone = append(gone, !slices.ContainsFunc(t.rows[1:], func(row []string) bool { return i < len(row) && row[i] != "" }))
	}
	at := make([]int, len(gone)) // where a column goes
	for i := 1; i < len(at); i++ {
		at[i] = at[i-1]
		if !gone[i-1] {
			at[i]++
		}
	}
	for r, row := range t.rows {
		var kept []string
		for i, text := range row {
			if !gone[i] {
				kept = append(kept, text)
			}
		}
		t.rows[r] = kept
	}
	right := map[int]bool{}
	for i := range gone {
		if t.right[i] && !gone[i] {
			right[at[i]] = true
		}
	}
	t.right, t.elastic = right, at[t.elastic]
	for i, column := range t.more {
		t.more[i] = at[column]
	}
}

func (t *table) total(widths []int) int {
	n := 2 * (len(widths) - 1)
	for _, w := range widths {
		n += w
	}
	return n
}
