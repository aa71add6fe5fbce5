package shapes

import (
	"go/ast"
	"go/build/constraint"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// source is a parsed Go file of ours.
type source struct {
	name string // slash-separated, from the root
	file *ast.File
}

func (s source) test() bool { return strings.HasSuffix(s.name, "_test.go") }

func (s source) imports() []string {
	var paths []string
	for _, i := range s.file.Imports {
		p, err := strconv.Unquote(i.Path.Value)
		if err != nil {
			p = i.Path.Value
		}
		paths = append(paths, p)
	}
	return paths
}

// parseHouse reads every Go file below the root, by package folder. Reading
// in-process makes go test see the files as inputs: a child process would
// leave a stale result in its cache.
func parseHouse(t *testing.T) map[string][]source {
	t.Helper()
	house := map[string][]source{}
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != "." && skipFolder(d.Name()):
			return filepath.SkipDir
		case d.IsDir() || !strings.HasSuffix(name, ".go"):
			return nil
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.ParseComments)
		if err != nil {
			return err
		}
		if neverBuilt(file) {
			return nil
		}
		name = filepath.ToSlash(name)
		folder := strings.TrimPrefix(path.Dir(name), ".")
		house[folder] = append(house[folder], source{name, file})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return house
}

// skipFolder names the folders that the go command skips, and those of other makers.
func skipFolder(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") ||
		slices.Contains([]string{"testdata", "node_modules", "build", "dist", "bin"}, name)
}

// neverBuilt reports files that list dependencies for `go mod tidy` and are in
// no build.
func neverBuilt(f *ast.File) bool {
	for _, group := range f.Comments {
		for _, c := range group.List {
			if expr, err := constraint.Parse(c.Text); err == nil && expr.String() == "deps" {
				return true
			}
		}
	}
	return false
}

func sortedFolders(house map[string][]source) []string {
	var folders []string
	for f := range house {
		folders = append(folders, f)
	}
	slices.Sort(folders)
	return folders
}

// packageComments returns the files that carry a package comment. Test files
// count only in packages that are nothing but tests.
func packageComments(files []source) (names []string, hasCode bool) {
	hasCode = slices.ContainsFunc(files, func(s source) bool { return !s.test() })
	for _, s := range files {
		if s.file.Doc != nil && hasWords(s.file.Doc) && !(hasCode && s.test()) {
			names = append(names, s.name)
		}
	}
	return names, hasCode
}

// hasWords is false for a comment group of build constraints and directives.
func hasWords(c *ast.CommentGroup) bool { return strings.TrimSpace(c.Text()) != "" }
