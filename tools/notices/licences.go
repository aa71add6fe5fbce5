package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// text is one licence file, named relative to its module.
type text struct{ name, body string }

// part is one thing that is not ours: a module, a font, a data set.
type part struct {
	name, version, licence string
	texts                  []text
}

// legal are the names of files that a licence asks to be passed on.
var legal = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice|patents)([-_.].*)?$`)

func modulePart(m module) (part, error) {
	texts, err := licenceTexts(m)
	if err != nil {
		return part{}, fmt.Errorf("licence of %s: %w", m.Path, err)
	}
	if len(texts) == 0 {
		return part{}, fmt.Errorf("%s %s has no licence file: find out whether it may be used, or drop it", m.Path, m.Version)
	}
	return part{m.Path, m.Version, names(texts), texts}, nil
}

// licenceTexts reads the licence files of a module: in the folders of its
// linked packages and those above them, and in folders beside the code that
// hold no Go of their own (C sources, fonts), the module's own first.
func licenceTexts(m module) ([]text, error) {
	var found []text
	folders, err := legalFolders(m)
	if err != nil {
		return nil, err
	}
	for _, folder := range folders {
		entries, err := os.ReadDir(folder)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if e.IsDir() || !legal.MatchString(e.Name()) || strings.HasSuffix(e.Name(), ".go") {
				continue
			}
			t, err := readText(m.Dir, filepath.Join(folder, e.Name()))
			if err != nil {
				return nil, err
			}
			if !slices.ContainsFunc(found, func(o text) bool { return o.body == t.body }) {
				found = append(found, t)
			}
		}
	}
	return found, nil
}

// legalFolders returns where licence files of a module are looked for, sorted,
// so that a folder comes before those inside it.
func legalFolders(m module) ([]string, error) {
	folders := []string{m.Dir}
	for _, folder := range m.folders {
		beside, err := foldersWithoutGo(folder)
		if err != nil {
			return nil, err
		}
		folders = append(folders, beside...)
		for ; len(folder) > len(m.Dir); folder = filepath.Dir(folder) {
			folders = append(folders, folder)
		}
	}
	slices.Sort(folders)
	return slices.Compact(folders), nil
}

func foldersWithoutGo(folder string) ([]string, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	var found []string
	for _, e := range entries {
		if !e.IsDir() || e.Name() == "testdata" {
			continue
		}
		inside := filepath.Join(folder, e.Name())
		goFiles, err := filepath.Glob(filepath.Join(inside, "*.go"))
		if err != nil {
			return nil, err
		}
		if len(goFiles) == 0 {
			found = append(found, inside)
		}
	}
	return found, nil
}

func readText(root, path string) (text, error) {
	body, err := os.ReadFile(path)
	if err != nil {
		return text{}, err
	}
	name, err := filepath.Rel(root, path)
	if err != nil {
		return text{}, err
	}
	return text{filepath.ToSlash(name), tidy(string(body))}, nil
}

// tidy gives a text one kind of line end, and none of the blanks around it.
func tidy(s string) string {
	lines := strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " \t\f\ufeff")
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}
