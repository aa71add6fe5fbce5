// Package shapes is the root of the module. It holds no code: only the test
// that keeps the floors of the house where ARCHITECTURE.md says they are.
package shapes

import (
	"fmt"
	"go/ast"
	"slices"
	"strings"
	"testing"
)

// module is what the import paths of our own packages begin with.
const module = "github.com/shapes-desktop/shapes/"

// room is a row of the table: a package, and which of our other packages it
// may import. A name that ends in /... stands for a package and all below it.
type room struct {
	path    string
	imports []string
}

// rooms is the house, from the ground up. An import goes down: a room may name
// rooms that stand above it in this table, never one below. A new package
// needs a row here and a line in ARCHITECTURE.md, in the same commit; that a
// `util` cannot appear unseen is the point.
func rooms() []room {
	return []room{
		// Assets: bytes and tables without logic.
		{"resources/sample", nil},
		{"resources/fonts", nil},
		{"resources/icon", nil},
		{"resources/countries", nil},

		// geo: pure geometry. No goroutine, no file, no network, no database.
		{"core/geo/feature", nil},
		{"core/geo/grid", nil},
		{"core/geo/ring", list("core/geo/grid")},
		{"core/geo/spatial", list("core/geo/grid")},
		{"core/geo/snap", list("core/geo/grid", "core/geo/spatial")},
		{"core/geo/topology", list("core/geo/feature", "core/geo/grid", "core/geo/snap")},
		{"core/geo/simplify", list("core/geo/grid", "core/geo/spatial")},
		{"core/geo/label", list("core/geo/grid")},
		{"core/geo/mend", list("core/geo/grid", "core/geo/ring", "core/geo/spatial", "core/geo/topology")},
		{"core/geo/tile", list("core/geo/grid", "core/geo/ring")},
		{"core/geo/mvt", list("core/geo/feature", "core/geo/grid")},

		// store: bytes that last.
		{"core/store/atomicfile", nil},
		{"core/store/boltfile", list("core/store/atomicfile")},
		{"core/store/kv", list("core/store/atomicfile", "core/store/boltfile")},
		{"core/store/tileset", list("core/geo/feature", "core/geo/mvt", "core/geo/tile", "core/store/atomicfile", "core/store/boltfile", "core/store/kv")},
		{"core/store/blob", nil},
		{"core/store/cache", list("core/store/atomicfile")},
		{"core/store/entity", list("core/store/kv", "core/store/atomicfile")},

		// model: what the user owns, and its rules.
		{"core/model/admin", list("resources/countries")},
		{"core/model/tree", list("core/store/kv")},
		{"core/model/shape", list("core/store/kv")},
		{"core/model/draft", list("core/model/shape", "core/model/tree", "core/store/kv")},
		{"core/model/session", list("core/geo/spatial", "core/geo/tile", "core/model/shape", "core/store/kv")},

		// acquire: data in.
		{"core/acquire/ingest", list("core/geo/feature")},
		{"core/acquire/fetch/faulty", nil},
		{"core/acquire/fetch", list("core/store/atomicfile", "core/acquire/fetch/faulty")},
		{"core/acquire/source", list("core/geo/feature", "core/model/shape")},
		{"core/acquire/source/sourcetest", list("core/geo/feature", "core/model/admin", "core/model/shape", "core/acquire/source")},
		{"core/acquire/source/naturalearth", list("core/geo/feature", "core/model/admin", "core/model/shape", "core/acquire/source")},
		{"core/acquire/source/geoboundaries", list("core/geo/feature", "core/model/admin", "core/model/shape", "core/acquire/source")},
		{"core/acquire/source/gadm", list("core/geo/feature", "core/model/admin", "core/model/shape", "core/acquire/source")},
		{"core/acquire/source/osm", list("core/geo/feature", "core/model/admin", "core/model/shape", "core/acquire/source")},
		{"core/acquire/source/local", list("core/model/shape")},
		{"core/acquire/source/parent", list("core/geo/...")},
		{"core/acquire/collect", list("core/geo/feature", "core/acquire/...", "core/model/shape", "core/store/atomicfile", "core/store/cache")},

		// publish: tiles out.
		{"core/publish/archive", list("core/geo/tile", "core/store/atomicfile", "core/store/tileset")},
		{"core/publish/bundle", list("core/model/tree", "core/model/shape", "core/store/atomicfile")},
		{"core/publish/preview", list("core/geo/feature", "core/geo/tile", "core/geo/mvt", "core/store/tileset")},

		// pipeline: the four stages and their schedule.
		{"core/pipeline/work", nil},
		{"core/pipeline", list("core/geo/...", "core/store/tileset", "core/pipeline/work")},
		{"core/pipeline/schedule", list("core/geo/feature", "core/geo/grid", "core/geo/spatial", "core/geo/tile", "core/model/session", "core/model/shape",
			"core/store/blob", "core/store/kv", "core/pipeline", "core/pipeline/work")},

		// control: how other processes ask the owner of a data directory. It knows
		// no engine: the types that go over are its user's.
		{"core/control", nil},

		// engine: the one place that knows all of core.
		{"core/engine", list("core/...", "resources/...")},

		// gui: one screen each, that meets core through small interfaces. The
		// types that cross the border are the engine's, and those it shows.
		{"gui/kit", nil},
		{"gui/treeview", list("core/engine", "core/model/...", "gui/kit")},
		{"gui/shapeform", list("core/acquire/source", "core/engine", "core/model/...", "gui/kit")},
		{"gui/monitor", list("core/engine", "core/model/...", "gui/kit")},
		{"gui/mapview", list("core/geo/feature", "core/geo/tile", "core/publish/preview", "gui/kit")},
		{"gui/nodepage", list("core/engine", "core/model/...", "core/pipeline", "core/publish/preview", "gui/kit", "gui/mapview")},
		{"gui", list("core/acquire/source", "core/engine", "core/model/...", "core/publish/preview", "resources/...", "gui/...")},

		// cmd: flags, wiring, words. Both mains know tileset for the child
		// process that checks a file; shapes shows what tiles hold.
		{"cmd/shapes", list("core/acquire/source", "core/control", "core/engine", "core/model/...", "core/store/kv", "core/pipeline", "core/geo/tile", "core/geo/mvt", "core/store/boltfile", "core/store/tileset", "core/store/atomicfile", "core/publish/preview", "resources/fonts")},
		{"cmd/shapes-desktop", list("core/control", "core/engine", "core/store/boltfile", "core/store/kv", "core/store/tileset", "core/publish/preview", "gui/...", "resources/...")},

		// Outside the house: programs that make assets, and judges.
		{"tools/notices", nil},
		{"tools/geoboundaries", list("core/acquire/source/geoboundaries")},
		{"tools/sample", list("resources/sample")},
		{"tools/fonts", list("resources/...")},
		{"test/oracle", list("core/...", "resources/sample")},
		{"test/bench", nil},
		{"", nil}, // the root: this file
	}
}

// list spells a row's imports.
func list(paths ...string) []string { return paths }

const fyneModule = "fyne.io/"

// mayUseFyne tells where the toolkit is welcome.
func mayUseFyne(pkg string) bool {
	return pkg == "gui" || strings.HasPrefix(pkg, "gui/") || pkg == "cmd/shapes-desktop"
}

// fyneWindow is the package that needs OpenGL and cgo, so that only main may
// import it: all else then builds and is tested without a C compiler.
const fyneWindow = "fyne.io/fyne/v2/app"

func TestEveryPackageHasARoom(t *testing.T) {
	known := map[string]bool{}
	for _, r := range rooms() {
		if known[r.path] {
			t.Errorf("%q stands twice in the table", r.path)
		}
		known[r.path] = true
	}
	for _, folder := range sortedFolders(parseHouse(t)) {
		if !known[folder] {
			t.Errorf("package %q has no row in the table of layers_test.go.\n"+
				"Is there a room that it belongs to? If it really is a new one, add its row and a line in ARCHITECTURE.md.", folder)
		}
	}
}

// The table itself goes down only, so that nobody can list an import that
// climbs or makes a ring.
func TestTableGoesDown(t *testing.T) {
	var above []string
	for _, r := range rooms() {
		for _, allowed := range r.imports {
			prefix, whole := strings.CutSuffix(allowed, "/...")
			ok := slices.Contains(above, allowed) ||
				whole && slices.ContainsFunc(above, func(p string) bool { return inFolder(p, prefix) })
			if !ok {
				t.Errorf("the row of %q allows %q, which does not stand above it in the table", r.path, allowed)
			}
		}
		above = append(above, r.path)
	}
}

func TestImportsGoDown(t *testing.T) {
	house := parseHouse(t)
	for i, r := range rooms() {
		for _, s := range house[r.path] {
			for _, imported := range s.imports() {
				to, ours := strings.CutPrefix(imported, module)
				if ours && to != r.path && !allows(rooms()[:i], r, to, s.test()) {
					t.Errorf("%s: imports %q, which its row does not list.\n"+
						"An import goes down (geo < store < model < acquire < pipeline, publish < engine < gui < cmd) and only where the table says. "+
						"Declare a small interface here and let the floor above join the two, or move the type down; "+
						"if the wall itself is wrong, move it in layers_test.go and ARCHITECTURE.md together.", s.name, to)
				}
			}
		}
	}
}

// allows reports whether r may import to. A test may import anything that
// stands above its room in the table: that cannot make a ring either.
func allows(above []room, r room, to string, test bool) bool {
	if test && (r.path == "" || slices.ContainsFunc(above, func(a room) bool { return a.path == to })) {
		return true
	}
	if !slices.ContainsFunc(above, func(a room) bool { return a.path == to }) {
		return false
	}
	return slices.ContainsFunc(r.imports, func(allowed string) bool {
		prefix, whole := strings.CutSuffix(allowed, "/...")
		return allowed == to || whole && inFolder(to, prefix)
	})
}

func inFolder(p, folder string) bool { return p == folder || strings.HasPrefix(p, folder+"/") }

func TestFyneStaysInTheWindow(t *testing.T) {
	house := parseHouse(t)
	for _, folder := range sortedFolders(house) {
		for _, s := range house[folder] {
			for _, imported := range s.imports() {
				switch {
				case strings.HasPrefix(imported, fyneModule) && !mayUseFyne(folder):
					t.Errorf("%s: imports %s, but the toolkit lives in gui and cmd/shapes-desktop only: "+
						"the headless command must not link it", s.name, imported)
				case imported == fyneWindow && folder != "cmd/shapes-desktop":
					t.Errorf("%s: imports %s, which needs OpenGL and a C compiler; only main may. "+
						"Take a fyne.App as a parameter", s.name, imported)
				}
			}
		}
	}
}

func TestNoCgoOfOurs(t *testing.T) {
	house := parseHouse(t)
	for _, folder := range sortedFolders(house) {
		for _, s := range house[folder] {
			if slices.Contains(s.imports(), "C") {
				t.Errorf("%s: uses cgo; everything but Fyne's window builds with CGO_ENABLED=0", s.name)
			}
		}
	}
}

func TestOnePackageComment(t *testing.T) {
	house := parseHouse(t)
	for _, folder := range sortedFolders(house) {
		comments, hasCode := packageComments(house[folder])
		switch {
		case len(comments) == 0:
			t.Errorf("package %q has no package comment: say in the first file what it owns and what it does not know", folder)
		case len(comments) > 1 && hasCode:
			t.Errorf("package %q has %d package comments (%s): keep one", folder, len(comments), strings.Join(comments, ", "))
		}
	}
}

// geo is pure: what it needs from the system would tie it to one use.
func TestGeoIsPure(t *testing.T) {
	forbidden := []string{"os", "net", "net/http", "io/fs", "path/filepath", "database/sql", "log", "log/slog", "go.etcd.io/bbolt", "sync", "golang.org/x/sync/errgroup"}
	house := parseHouse(t)
	for _, folder := range sortedFolders(house) {
		if !strings.HasPrefix(folder, "core/geo/") {
			continue
		}
		for _, s := range house[folder] {
			for _, imported := range s.imports() {
				if !s.test() && slices.Contains(forbidden, imported) {
					t.Errorf("%s: imports %q; geo has no goroutine, file, network or database. Pass the bytes in, or do it a floor higher", s.name, imported)
				}
			}
		}
	}
}

// init and package-level registries hide who wires what.
func TestNoInit(t *testing.T) {
	house := parseHouse(t)
	for _, folder := range sortedFolders(house) {
		for _, s := range house[folder] {
			for _, d := range s.file.Decls {
				if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
					t.Errorf("%s: has an init function; main wires, nothing registers itself", s.name)
				}
			}
		}
	}
}

// The rules are worth their rows only if they can fail: each is tried on
// what it must refuse.
func TestAllowsRefuses(t *testing.T) {
	above := []room{{"core/geo/tile", nil}, {"core/store/tileset", nil}, {"core/engine", nil}}
	view := room{"gui/mapview", list("core/engine", "core/geo/...")}
	for _, c := range []struct {
		to   string
		test bool
		want bool
	}{
		{"core/engine", false, true},
		{"core/geo/tile", false, true},
		{"core/geo/new", false, false},
		{"core/store/tileset", false, false},
		{"core/store/tileset", true, true},
		{"gui", true, false},
	} {
		if got := allows(above, view, c.to, c.test); got != c.want {
			t.Errorf("allows(%s, test %v) = %v, want %v", c.to, c.test, got, c.want)
		}
	}
	if fmt.Sprint(mayUseFyne("core/engine"), mayUseFyne("guide"), mayUseFyne("gui/kit")) != "false false true" {
		t.Error("mayUseFyne lets the toolkit into the wrong rooms")
	}
}
