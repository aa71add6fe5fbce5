package main

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
)

// assets are the parts that no module brings: data and fonts inside the
// programs.
func assets(root string) ([]part, error) {
	bundled := []struct{ name, version, licence, path string }{
		{"Natural Earth (bundled world)", "5.1", "public domain, ISC", "tools/notices/texts/natural-earth.txt"},
		{"Unicode CLDR (names of countries)", "48", "Unicode-3.0", "tools/notices/texts/unicode-3.0.txt"},
		{"Noto fonts (subsets)", "", "OFL-1.1", "resources/fonts/OFL.txt"},
	}
	parts := make([]part, 0, len(bundled))
	for _, b := range bundled {
		t, err := readText(root, filepath.Join(root, b.path))
		if err != nil {
			return nil, fmt.Errorf("licence of %s: %w", b.name, err)
		}
		t.name = filepath.Base(t.name)
		parts = append(parts, part{b.name, b.version, b.licence, []text{t}})
	}
	return parts, nil
}

// goItself is the standard library and runtime. Its version is left out: it
// changes with the toolchain, the licence does not.
func goItself() (part, error) {
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return part{}, fmt.Errorf("go env GOROOT: %w", err)
	}
	return modulePart(module{Path: "Go standard library", Dir: strings.TrimSpace(string(root))})
}
