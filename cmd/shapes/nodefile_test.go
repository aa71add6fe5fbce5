package main

import (
	"bytes"
	"testing"
)

// What is in a file and does not come in is named, and not without end.
func TestWhatAnImportLeavesOutIsNamed(t *testing.T) {
	for _, c := range []struct {
		names []string
		want  string
	}{
		{nil, ""},
		{[]string{"a\x1b[2J.txt"}, "note: left out: \"a\\x1b[2J.txt\" of f.zip, which belongs to none of its nodes\n"},
		{make([]string, namedAtMost+2), "note: left out: 2 entries more like it\n"},
	} {
		var out bytes.Buffer
		env{s: std{err: &out}}.tellIgnored("f.zip", c.names)
		if got := out.String(); !bytes.HasSuffix([]byte(got), []byte(c.want)) || bytes.Count(out.Bytes(), []byte("\n")) > namedAtMost+1 || (c.want == "") != (got == "") {
			t.Errorf("%d names: %q", len(c.names), got)
		}
	}
}
