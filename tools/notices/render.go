package main

import (
	"fmt"
	"strings"
)

const preface = `# Third-party notices

Shapes Desktop is under the MIT licence (see LICENSE). Its programs include the
work of others, listed here with the terms under which they may be passed on.
The window links all of it, the command ` + "`shapes`" + ` a part. This file is made by
` + "`make generate`" + `; do not edit it.

| part | version | licence |
| --- | --- | --- |
`

// render writes the table of parts and then their texts. A text that several
// parts share word by word stands once, under all their names.
func render(parts []part) []byte {
	var b strings.Builder
	b.WriteString(preface)
	for _, p := range parts {
		fmt.Fprintf(&b, "| %s | %s | %s |\n", p.name, p.version, p.licence)
	}
	headings := map[string][]string{}
	var order []string
	for _, p := range parts {
		for _, t := range p.texts {
			if headings[t.body] == nil {
				order = append(order, t.body)
			}
			headings[t.body] = append(headings[t.body], p.name+" ("+t.name+")")
		}
	}
	for _, body := range order {
		fence := strings.Repeat("`", longestRun(body, '`')+3)
		fmt.Fprintf(&b, "\n## %s\n\n%stext\n%s\n%s\n", strings.Join(headings[body], ", "), fence, body, fence)
	}
	return []byte(b.String())
}

// longestRun is the length of the longest run of c in s.
func longestRun(s string, c rune) int {
	longest, run := 0, 0
	for _, r := range s {
		if r != c {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	return longest
}
