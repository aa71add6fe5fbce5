package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
)

// module is a dependency, with the folders of those of its packages that are
// linked.
type module struct {
	Path, Version, Dir string
	folders            []string
}

// linkedModules returns the modules that the programs link on Linux, macOS or
// Windows, sorted by path. Without the network it needs a filled module cache.
func linkedModules(root string) ([]module, error) {
	found := map[string]*module{}
	for _, goos := range []string{"linux", "darwin", "windows"} {
		listing, err := goList(root, goos)
		if err != nil {
			return nil, err
		}
		if err := collect(listing, found); err != nil {
			return nil, fmt.Errorf("read go list for %s: %w", goos, err)
		}
	}
	paths := make([]string, 0, len(found))
	for path := range found {
		paths = append(paths, path)
	}
	slices.Sort(paths)
	modules := make([]module, 0, len(paths))
	for _, path := range paths {
		m := *found[path]
		slices.Sort(m.folders)
		m.folders = slices.Compact(m.folders)
		modules = append(modules, m)
	}
	return modules, nil
}

// goList lists the packages of both programs for a system. The window needs
// cgo, which listing does not run.
func goList(root, goos string) ([]byte, error) {
	cmd := exec.Command("go", "list", "-deps", "-json=Dir,ImportPath,Module", "./cmd/...")
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "GOOS="+goos, "GOARCH=amd64", "CGO_ENABLED=1")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	listing, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list for %s: %w\n%s", goos, err, bytes.TrimSpace(stderr.Bytes()))
	}
	return listing, nil
}

// collect adds the modules of a listing to found, without the main module and
// the standard library.
func collect(listing []byte, found map[string]*module) error {
	dec := json.NewDecoder(bytes.NewReader(listing))
	for {
		var pkg struct {
			Dir, ImportPath string
			Module          *struct {
				Path, Version, Dir string
				Main               bool
				Replace            *struct{ Path, Version, Dir string }
			}
		}
		err := dec.Decode(&pkg)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if pkg.Module == nil || pkg.Module.Main {
			continue
		}
		m, ok := found[pkg.Module.Path]
		if !ok {
			m = &module{Path: pkg.Module.Path, Version: pkg.Module.Version, Dir: pkg.Module.Dir}
			if r := pkg.Module.Replace; r != nil {
				m.Version, m.Dir = strings.TrimSpace(r.Path+" "+r.Version), r.Dir
			}
			if m.Dir == "" {
				return fmt.Errorf("%s is not in the module cache: run `go mod download`", m.Path)
			}
			found[m.Path] = m
		}
		m.folders = append(m.folders, pkg.Dir)
	}
}
