package shapes

import (
	"fmt"
	"go/ast"
	"go/token"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// formatsFile describes the disk formats: every table, index and field of a
// record that the code has must stand in it, and nothing else.
const formatsFile = "docs/formats.md"

// record is a struct that is stored as CBOR.
type record struct {
	name   string // "tree.Node"
	fields []string
}

// table is what a kv.Table describes.
type table struct {
	name    string // "nodes"
	record  string // "tree.Node"
	indexes []string
}

func TestFormatsTellOfEveryRecord(t *testing.T) {
	said := saidRecords(t)
	for _, r := range storedRecords(t, parseHouse(t)) {
		rows, ok := said[r.name]
		if !ok {
			t.Errorf("%s has no section for the record `%s`: add a heading with that name and a row for each field", formatsFile, r.name)
			continue
		}
		for _, f := range r.fields {
			if !slices.Contains(rows, f) {
				t.Errorf("%s, section of `%s`: there is no row that begins %q", formatsFile, r.name, f)
			}
		}
		for _, row := range rows {
			if !slices.Contains(r.fields, row) {
				t.Errorf("%s, section of `%s`: no field is %q", formatsFile, r.name, row)
			}
		}
		delete(said, r.name)
	}
	for name := range said {
		t.Errorf("%s tells of a record `%s` that is not stored", formatsFile, name)
	}
}

func TestFormatsTellOfEveryTable(t *testing.T) {
	text := readText(t, formatsFile)
	var known []string
	for _, tb := range storedTables(t, parseHouse(t)) {
		if heading := fmt.Sprintf("`%s`: `%s`", tb.name, tb.record); !strings.Contains(text, heading) {
			t.Errorf("%s has no heading with %s", formatsFile, heading)
		}
		for _, ix := range tb.indexes {
			known = append(known, tb.name+"."+ix)
		}
	}
	var said []string
	for _, m := range regexp.MustCompile("(?m)^\\| `([a-z]+\\.[a-z]+)` \\|.*").FindAllStringSubmatch(text, -1) {
		if strings.Count(m[0], " |") == 3 { // index, key, asked by
			said = append(said, m[1])
		}
	}
	for _, ix := range known {
		if !slices.Contains(said, ix) {
			t.Errorf("%s has no row for the index `%s`", formatsFile, ix)
		}
	}
	for _, ix := range said {
		if !slices.Contains(known, ix) {
			t.Errorf("%s tells of an index `%s` that no table has", formatsFile, ix)
		}
	}
}

func readText(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// saidRecords reads the tables of fields from the sections whose headings name
// a record, as in "#### `nodes`: `tree.Node`".
func saidRecords(t *testing.T) map[string][]string {
	t.Helper()
	heading := regexp.MustCompile("^#+ .*`([a-z]+\\.[A-Za-z0-9]+)`$")
	row := regexp.MustCompile("^\\| [0-9]+ \\| `[A-Za-z0-9]+` \\| [^|]+ \\|")
	said := map[string][]string{}
	name := ""
	for _, line := range strings.Split(readText(t, formatsFile), "\n") {
		if strings.HasPrefix(line, "#") {
			name = ""
			if m := heading.FindStringSubmatch(line); m != nil {
				name = m[1]
				said[name] = nil
			}
		}
		if m := row.FindString(line); m != "" && name != "" {
			said[name] = append(said[name], m)
		}
	}
	return said
}

// storedRecords finds the structs with numbered CBOR fields.
func storedRecords(t *testing.T, house map[string][]source) []record {
	t.Helper()
	var out []record
	structs := map[string]bool{}
	eachStruct(house, func(name string, _ *ast.StructType) { structs[name] = true })
	eachStruct(house, func(name string, st *ast.StructType) {
		pkg, _, _ := strings.Cut(name, ".")
		if rows := fieldRows(t, speller{pkg, structs}, st); len(rows) > 0 {
			out = append(out, record{name, rows})
		}
	})
	return out
}

// eachStruct calls fn with the structs of core, by "package.Type".
func eachStruct(house map[string][]source, fn func(name string, st *ast.StructType)) {
	eachStored(house, func(_ string, s source) {
		for _, d := range s.file.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, spec := range g.Specs {
				ts, ok := spec.(*ast.TypeSpec)
				if !ok {
					continue
				}
				if st, ok := ts.Type.(*ast.StructType); ok {
					fn(s.file.Name.Name+"."+ts.Name.Name, st)
				}
			}
		}
	})
}

// eachStored calls fn with the files that records may be described in.
func eachStored(house map[string][]source, fn func(folder string, s source)) {
	for _, folder := range sortedFolders(house) {
		for _, s := range house[folder] {
			if !s.test() && strings.HasPrefix(folder, "core/") {
				fn(folder, s)
			}
		}
	}
}

// fieldRows spells the fields as the document does: number, name, type.
func fieldRows(t *testing.T, sp speller, st *ast.StructType) []string {
	t.Helper()
	var rows []string
	for _, f := range st.Fields.List {
		if f.Tag == nil {
			continue
		}
		tag, err := strconv.Unquote(f.Tag.Value)
		if err != nil {
			t.Fatal(err)
		}
		parts := strings.Split(reflect.StructTag(tag).Get("cbor"), ",")
		if len(parts) < 2 || parts[1] != "keyasint" {
			continue
		}
		word := sp.word(f.Type)
		if len(parts) > 2 {
			word += "?"
		}
		for _, n := range f.Names {
			rows = append(rows, fmt.Sprintf("| %s | `%s` | %s |", parts[0], n.Name, word))
		}
	}
	return rows
}

// speller knows what the document calls the types of a package's fields.
type speller struct {
	pkg     string
	structs map[string]bool
}

func (sp speller) word(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return sp.word(e.X)
	case *ast.MapType:
		return "map of " + sp.word(e.Key) + " to " + sp.word(e.Value)
	case *ast.ArrayType:
		elem := sp.word(e.Elt)
		if n, ok := e.Len.(*ast.BasicLit); ok {
			return n.Value + " × " + elem
		}
		if id, ok := e.Elt.(*ast.Ident); ok && (id.Name == "byte" || id.Name == "uint8") {
			return "bytes"
		}
		return "list of " + elem
	case *ast.SelectorExpr:
		return sp.named(fmt.Sprint(e.X)+"."+e.Sel.Name, e.Sel.Name)
	case *ast.Ident:
		return sp.named(sp.pkg+"."+e.Name, e.Name)
	}
	return fmt.Sprintf("%T", e)
}

// named spells a type that has a name: those that are neither here nor records
// are texts of a few values.
func (sp speller) named(full, name string) string {
	word, known := map[string]string{
		"bool": "bool", "float64": "float", "byte": "uint", "int": "int", "int64": "int",
		"uint8": "uint", "uint32": "uint", "uint64": "uint",
		"time.Time": "time", "time.Duration": "duration",
	}[strings.TrimPrefix(full, sp.pkg+".")]
	switch {
	case known:
		return word
	case full == "shape.Selection":
		return "selection"
	case sp.structs[full]:
		return "`" + full + "`"
	}
	return "text"
}

// storedTables finds the composite literals of kv.Table.
func storedTables(t *testing.T, house map[string][]source) []table {
	t.Helper()
	var out []table
	eachStored(house, func(folder string, s source) {
		names := constants(house[folder])
		ast.Inspect(s.file, func(n ast.Node) bool {
			lit, ok := n.(*ast.CompositeLit)
			if !ok {
				return true
			}
			of, ok := lit.Type.(*ast.IndexExpr)
			if sel, is := of2sel(of, ok); !is || sel != "Table" {
				return true
			}
			tb := table{record: s.file.Name.Name + "." + fmt.Sprint(of.Index)}
			for _, e := range lit.Elts {
				kv, ok := e.(*ast.KeyValueExpr)
				if !ok {
					continue
				}
				switch fmt.Sprint(kv.Key) {
				case "Name":
					tb.name = textOf(kv.Value, names)
				case "Indexes":
					tb.indexes = indexNames(kv.Value, names)
				}
			}
			out = append(out, tb)
			return true
		})
	})
	return out
}

// of2sel returns what is chosen from package kv.
func of2sel(of *ast.IndexExpr, ok bool) (string, bool) {
	if !ok {
		return "", false
	}
	sel, ok := of.X.(*ast.SelectorExpr)
	if !ok || fmt.Sprint(sel.X) != "kv" {
		return "", false
	}
	return sel.Sel.Name, true
}

func indexNames(e ast.Expr, names map[string]string) []string {
	var out []string
	list, ok := e.(*ast.CompositeLit)
	if !ok {
		return nil
	}
	for _, el := range list.Elts {
		ix, ok := el.(*ast.CompositeLit)
		if !ok {
			continue
		}
		for _, f := range ix.Elts {
			if kv, ok := f.(*ast.KeyValueExpr); ok && fmt.Sprint(kv.Key) == "Name" {
				out = append(out, textOf(kv.Value, names))
			}
		}
	}
	return out
}

// textOf is the value of a text or of the constant that holds it.
func textOf(e ast.Expr, names map[string]string) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		if err == nil {
			return text
		}
	case *ast.Ident:
		return names[e.Name]
	}
	return ""
}

// constants are the texts that a package gives names to.
func constants(files []source) map[string]string {
	names := map[string]string{}
	for _, s := range files {
		for _, d := range s.file.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.CONST {
				continue
			}
			for _, spec := range g.Specs {
				if v, ok := spec.(*ast.ValueSpec); ok && len(v.Values) == len(v.Names) {
					for i, n := range v.Names {
						names[n.Name] = textOf(v.Values[i], nil)
					}
				}
			}
		}
	}
	return names
}
