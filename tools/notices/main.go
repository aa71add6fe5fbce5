// Command notices writes THIRD_PARTY_NOTICES.md: the licences of every module
// that either program links on any system we build for, of Go itself, and of
// the data and fonts inside. The same go.mod gives the same bytes.
package main

import (
	"flag"
	"fmt"
	"os"
)

//go:generate go run . -root ../.. -o ../../THIRD_PARTY_NOTICES.md

func main() {
	root := flag.String("root", ".", "folder of the repository")
	out := flag.String("o", "THIRD_PARTY_NOTICES.md", "file to write")
	flag.Parse()
	if err := run(*root, *out); err != nil {
		fmt.Fprintln(os.Stderr, "notices:", err)
		os.Exit(1)
	}
}

func run(root, out string) error {
	parts, err := assets(root)
	if err != nil {
		return err
	}
	golang, err := goItself()
	if err != nil {
		return err
	}
	modules, err := linkedModules(root)
	if err != nil {
		return err
	}
	parts = append(parts, golang)
	for _, m := range modules {
		p, err := modulePart(m)
		if err != nil {
			return err
		}
		parts = append(parts, p)
	}
	if err := os.WriteFile(out, render(parts), 0o644); err != nil {
		return fmt.Errorf("write the notices: %w", err)
	}
	return nil
}
