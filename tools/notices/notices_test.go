package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestClassify(t *testing.T) {
	for body, want := range map[string]string{
		"Permission is hereby granted, free\nof charge, ... The above copyright notice and this permission notice": "MIT",
		"Redistribution and use in source and binary forms ... endorse or promote":                                 "BSD-3-Clause",
		"Redistribution and use in source and binary\n  forms, with or without":                                    "BSD-2-Clause",
		"Apache License\n   Version 2.0, January 2004":                                                             "Apache-2.0",
		"Apache License Version 2.0 ... Redistribution and use in source and binary forms, endorse or promote":     "Apache-2.0, BSD-3-Clause",
		"SIL OPEN FONT LICENSE Version 1.1":                                                                        "OFL-1.1",
		"All rights reserved.":                                                                                     "see text",
	} {
		if got := strings.Join(classify(body), ", "); got != want {
			t.Errorf("classify(%q) = %q, want %q", body, got, want)
		}
	}
}

func write(t *testing.T, root string, files map[string]string) {
	t.Helper()
	for name, body := range files {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(body), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestLicenceTextsFollowLinkedPackages(t *testing.T) {
	root := t.TempDir()
	write(t, root, map[string]string{
		"LICENSE":              "the module's\r\n",
		"license.go":           "package m",
		"a/a.go":               "package a",
		"a/COPYING.txt":        "a linked package's",
		"a/csource/LICENSE.md": "of C code beside it",
		"a/csource/x.c":        "",
		"b/b.go":               "package b",
		"b/LICENSE":            "of a package that is not linked",
		"a/testdata/LICENSE":   "of test data",
		"a/sub/LICENSE":        "of another package that is not linked",
		"a/sub/sub.go":         "package sub",
	})
	texts, err := licenceTexts(module{Path: "m", Dir: root, folders: []string{filepath.Join(root, "a")}})
	if err != nil {
		t.Fatal(err)
	}
	want := []text{{"LICENSE", "the module's"}, {"a/COPYING.txt", "a linked package's"}, {"a/csource/LICENSE.md", "of C code beside it"}}
	if len(texts) != len(want) {
		t.Fatalf("%q, want %q", texts, want)
	}
	for i := range want {
		if texts[i] != want[i] {
			t.Errorf("%q, want %q", texts[i], want[i])
		}
	}
}

func TestModuleWithoutLicenceIsRefused(t *testing.T) {
	_, err := modulePart(module{Path: "example.org/m", Version: "v1.0.0", Dir: t.TempDir()})
	if err == nil || !strings.Contains(err.Error(), "example.org/m v1.0.0 has no licence file") {
		t.Errorf("error %v", err)
	}
}

func TestCollect(t *testing.T) {
	listing := `{"Dir":"/go/fmt","ImportPath":"fmt"}
{"Dir":"/us/cmd","ImportPath":"us/cmd","Module":{"Path":"us","Main":true,"Dir":"/us"}}
{"Dir":"/m/a","ImportPath":"m/a","Module":{"Path":"m","Version":"v1.2.3","Dir":"/m"}}
{"Dir":"/m/b","ImportPath":"m/b","Module":{"Path":"m","Version":"v1.2.3","Dir":"/m"}}`
	found := map[string]*module{}
	if err := collect([]byte(listing), found); err != nil {
		t.Fatal(err)
	}
	m := found["m"]
	if len(found) != 1 || m == nil || m.Version != "v1.2.3" || len(m.folders) != 2 {
		t.Errorf("found %v", found)
	}
	err := collect([]byte(`{"ImportPath":"n/a","Module":{"Path":"n","Version":"v1"}}`), found)
	if err == nil || !strings.Contains(err.Error(), "go mod download") {
		t.Errorf("a module that is not in the cache: %v", err)
	}
}

func TestRenderSharesTexts(t *testing.T) {
	got := string(render([]part{
		{"a", "v1", "MIT", []text{{"LICENSE", "same"}}},
		{"b", "v2", "MIT", []text{{"COPYING", "same"}, {"NOTICE", "with ``` inside"}}},
	}))
	for _, want := range []string{
		"| a | v1 | MIT |\n| b | v2 | MIT |\n",
		"\n## a (LICENSE), b (COPYING)\n\n```text\nsame\n```\n",
		"\n## b (NOTICE)\n\n``````text\nwith ``` inside\n``````\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}
