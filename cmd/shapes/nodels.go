package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/tree"
)

// lsFlags are the flags of node ls.
type lsFlags struct {
	trash, json, ids bool
	search           string
	depth            intFlag
	limit            intFlag
}

func newNodeLs(v env) *cobra.Command {
	f := &lsFlags{depth: intFlag{0, 0, 1000}, limit: intFlag{100, 1, 10_000}}
	c := &cobra.Command{
		Use:   "ls [REF]",
		Short: "List nodes as a tree, with what there is to know of each",
		Long: `ls lists the tree, or what the folder REF holds: folders (with how many nodes
they hold), and shapes with their tiles, session and draft. While another program
has the data directory it is asked (but for --search).

--json writes an array of nodes: id, type (folder or shape), name, path; where
they apply description, draft, new, session, tiles, tile_bytes, built; of the
trash from and deleted; of a folder count and nodes.`,
		Example: `  shapes node ls
  shapes node ls Europe --json
  shapes node ls --search ital`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			ref := strings.Join(args, "")
			switch {
			case f.search != "" && (f.trash || ref != ""):
				return usagef("--search: looks in the whole tree; give neither REF nor --trash")
			case f.trash && ref != "":
				return usagef("--trash: lists the trash; give no REF")
			case f.search != "":
				return v.withEngine(c, mustExist, func(ctx context.Context, e *engine.Engine) error { return search(ctx, v.s, e, f) })
			}
			return v.withAny(c, func(ctx context.Context, a asked, _ string) error { return list(ctx, v.s, a, ref, f) })
		},
	}
	fs := c.Flags()
	fs.SortFlags = false
	fs.BoolVar(&f.trash, "trash", false, "list the trash")
	fs.StringVar(&f.search, "search", "", "list nodes whose name holds `TEXT`, the best first")
	fs.Var(&f.depth, "depth", "levels of folders to show, 0 for all")
	fs.Var(&f.limit, "limit", "with --search: most nodes to list, 1 to 10000")
	fs.BoolVar(&f.ids, "ids", false, "show the ids as well")
	fs.BoolVar(&f.json, "json", false, "write JSON")
	return c
}

// listed is a node with what stands below it.
type listed struct {
	engine.Node
	path  string
	nodes []listed
}

// list shows a folder, the trash or the top.
func list(ctx context.Context, s std, a asked, ref string, f *lsFlags) error {
	parent, prefix := tree.Root, ""
	if f.trash {
		parent = tree.Trash
	}
	var top []listed
	if strings.Trim(ref, "/") != "" {
		n, err := a.Find(ctx, ref)
		if err != nil {
			return found(err)
		}
		way, err := a.PathOf(ctx, n.ID)
		if err != nil {
			return err
		}
		if n.Type != tree.Folder {
			return writeNodes(s, []listed{{Node: n, path: pathName(way)}}, f)
		}
		parent, prefix = n.ID, pathName(way)+"/"
	}
	top, err := below(ctx, a, parent, prefix, f.depth.value)
	if err != nil {
		return err
	}
	return writeNodes(s, top, f)
}

// pathName joins the names of a way from the top.
func pathName(way []engine.Node) string {
	names := make([]string, len(way))
	for i, n := range way {
		names[i] = n.Name
	}
	return strings.Join(names, "/")
}

// below lists a folder down to a depth, 0 for all.
func below(ctx context.Context, a asked, parent, prefix string, depth int) ([]listed, error) {
	nodes, err := a.Children(ctx, parent)
	if err != nil {
		return nil, err
	}
	out := make([]listed, 0, len(nodes))
	for _, n := range nodes {
		l := listed{Node: n, path: prefix + n.Name}
		if n.Type == tree.Folder && depth != 1 && n.Children > 0 {
			if l.nodes, err = below(ctx, a, n.ID, l.path+"/", max(0, depth-1)); err != nil {
				return nil, err
			}
		}
		out = append(out, l)
	}
	return out, nil
}

func search(ctx context.Context, s std, e *engine.Engine, f *lsFlags) error {
	hits, err := e.Search(ctx, f.search, f.limit.value)
	if err != nil {
		return err
	}
	out := make([]listed, 0, len(hits))
	for _, h := range hits {
		l := listed{Node: h.Node, path: h.Node.Name}
		if h.Path != "" {
			l.path = strings.ReplaceAll(h.Path, " / ", "/") + "/" + h.Node.Name
		}
		out = append(out, l)
	}
	if f.json {
		return writeJSON(s.out, nodesJSON(out))
	}
	if len(out) == 0 {
		_, err := fmt.Fprintf(s.out, "no node has a name with “%s” in it\n", oneRow(f.search))
		return err // as with any list, an empty one is no failure
	}
	var t table
	for _, l := range out {
		t.row(f.cells(l, l.path)...)
	}
	t.write(s.out, s.columns())
	return nil
}

// writeNodes shows nodes as a tree.
func writeNodes(s std, nodes []listed, f *lsFlags) error {
	if f.json {
		return writeJSON(s.out, nodesJSON(nodes))
	}
	if len(nodes) == 0 {
		what := "there are no nodes"
		if f.trash {
			what = "the trash is empty"
		}
		_, err := fmt.Fprintln(s.out, what)
		return err
	}
	var t table
	var add func(nodes []listed, indent string)
	add = func(nodes []listed, indent string) {
		for _, l := range nodes {
			name := indent + l.Name
			if l.Type == tree.Folder {
				name += "/"
			}
			t.row(f.cells(l, name)...)
			add(l.nodes, indent+"  ")
		}
	}
	add(nodes, "")
	t.write(s.out, s.columns())
	return nil
}

// cells are the columns of a node.
func (f *lsFlags) cells(l listed, name string) []string {
	row := []string{name, badges(l.Node)}
	if f.ids {
		row = append(row, l.ID)
	}
	return row
}

// badges says in a few words how a node is.
func badges(n engine.Node) string {
	var b []string
	if n.Type == tree.Folder {
		b = append(b, count(n.Children, "node"))
	}
	if n.HasTiles {
		b = append(b, "tiles "+humanize.Bytes(uint64(n.Bytes))+" on disk")
	}
	if n.Session != "" {
		b = append(b, string(n.Session))
	}
	switch {
	case n.New:
		b = append(b, "draft of a new shape")
	case n.Draft:
		b = append(b, "draft")
	}
	if n.From != "" {
		b = append(b, fmt.Sprintf("from %s, deleted %s", n.From, n.Deleted.Local().Format("2006-01-02 15:04")))
	}
	if len(b) == 0 {
		return "no tiles"
	}
	return strings.Join(b, ", ")
}

func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
