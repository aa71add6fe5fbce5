package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/tree"
)

func newNode(v env) *cobra.Command {
	return group(v.s, "node", "Work on the tree of folders and shapes",
		`node works on the tree of the data directory: folders, and shapes, which are the
recipes of vector tiles. REF is a node's id, its path (Europe/Italy), or its name
if no other node has it. What is removed goes to the trash; the last 100 changes
can be undone, in the window as well.`,
		newNodeLs(v), newNodeShow(v), newNodeNew(v), newNodeEdit(v),
		newNodeRm(v), newNodeMv(v), newNodeCp(v), newNodeRename(v), newNodeRestore(v), newNodeEmptyTrash(v),
		newNodeRevert(v, "undo", "Take back the last changes of the tree", (*engine.Engine).Undo),
		newNodeRevert(v, "redo", "Do again what was undone", (*engine.Engine).Redo),
		newNodeExport(v), newNodeImport(v), newNodeRecent(v), newNodeTile(v))
}

// find returns the nodes that refs name. All must be there.
func find(ctx context.Context, e *engine.Engine, refs []string) ([]engine.Node, error) {
	var out []engine.Node
	for _, ref := range refs {
		n, err := e.Find(ctx, ref)
		if err != nil {
			return nil, found(err)
		}
		out = append(out, n)
	}
	return out, nil
}

// found adds what to do to the error of a node that is not there.
func found(err error) error {
	if errors.Is(err, engine.ErrNoNode) {
		return fmt.Errorf("%w; nothing was changed (shapes node ls lists them, shapes node ls --trash the trash)", err)
	}
	return err
}

// folder returns the id of the folder that ref names; "/" is the top.
func folder(ctx context.Context, e *engine.Engine, ref string) (string, error) {
	if strings.Trim(ref, "/") == "" && ref != "" {
		return tree.Root, nil
	}
	n, err := e.Find(ctx, ref)
	if err != nil {
		return "", found(err)
	}
	if n.Type != tree.Folder {
		return "", fmt.Errorf("“%s”: %w; nothing was changed", n.Name, tree.ErrNotFolder)
	}
	return n.ID, nil
}

func ids(nodes []engine.Node) []string {
	var out []string
	for _, n := range nodes {
		out = append(out, n.ID)
	}
	return out
}

// unchanged adds to the error of a change that nothing was done, unless it says
// so ("nothing was imported").
func unchanged(err error) error {
	if err == nil || strings.Contains(err.Error(), "nothing was ") {
		return err
	}
	return fmt.Errorf("%w; nothing was changed", err)
}

// while says what was being done when err came, unless it begins with that.
func while(doing string, err error) error {
	if strings.HasPrefix(err.Error(), doing+": ") {
		return err
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// tell says what was done, for each node in a line: the id comes last, since
// it is what scripts go on with.
func (v env) tell(what string, nodes ...engine.Node) {
	for _, n := range nodes {
		fmt.Fprintf(v.s.out, "%s “%s”  %s\n", what, oneRow(n.Name), n.ID)
	}
}
