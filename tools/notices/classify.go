package main

import (
	"slices"
	"strings"
)

// signs are phrases by which a licence is told, the more special first.
var signs = []struct {
	spdx    string
	phrases []string
}{
	{"Apache-2.0", []string{"Apache License", "Version 2.0"}},
	{"MPL-2.0", []string{"Mozilla Public License", "2.0"}},
	{"OFL-1.1", []string{"SIL OPEN FONT LICENSE"}},
	{"Unicode-3.0", []string{"UNICODE LICENSE V3"}},
	{"CC-BY-4.0", []string{"Creative Commons Attribution 4.0"}},
	{"BSD-3-Clause", []string{"Redistribution and use in source and binary forms", "endorse or promote"}},
	{"BSD-2-Clause", []string{"Redistribution and use in source and binary forms"}},
	{"ISC", []string{"Permission to use, copy, modify, and/or distribute this software for any purpose"}},
	{"ISC", []string{"Permission to use, copy, modify, and distribute this software for any purpose with or without fee"}},
	{"Zlib", []string{"This software is provided 'as-is'", "misrepresented"}},
	{"MIT", []string{"Permission is hereby granted, free of charge", "The above copyright notice and this permission notice"}},
	{"Unlicense", []string{"free and unencumbered software released into the public domain"}},
	{"patent grant", []string{"Additional IP Rights Grant (Patents)"}},
}

// classify tells the licences of a text by their SPDX identifiers, as one text
// may hold several; "see text" where it knows none.
func classify(body string) []string {
	flat := strings.Join(strings.Fields(body), " ")
	var found []string
	for _, s := range signs {
		missing := slices.ContainsFunc(s.phrases, func(p string) bool { return !strings.Contains(flat, p) })
		if missing || slices.Contains(found, s.spdx) || s.spdx == "BSD-2-Clause" && slices.Contains(found, "BSD-3-Clause") {
			continue
		}
		found = append(found, s.spdx)
	}
	if len(found) == 0 {
		return []string{"see text"}
	}
	return found
}

// names joins the licences of the texts, each once, in their order.
func names(texts []text) string {
	var found []string
	for _, t := range texts {
		for _, l := range classify(t.body) {
			if !slices.Contains(found, l) {
				found = append(found, l)
			}
		}
	}
	return strings.Join(found, ", ")
}
