package gui

import (
	"context"
	"errors"

	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/tree"
)

// errNotYet is the answer of an engine that only lists and builds.
var errNotYet = errors.New("this engine cannot do that yet")

// listOnly is a Tree over an engine that lists its nodes and builds them, and
// nothing else. It goes as soon as every engine is a Tree itself.
type listOnly struct{ Engine }

func (l listOnly) Children(ctx context.Context, parent string) ([]engine.Node, error) {
	if parent != tree.Root {
		return nil, nil
	}
	nodes, err := l.Nodes(ctx)
	for i := range nodes {
		nodes[i].Type = tree.Shape
	}
	return nodes, err
}

func (listOnly) Recovery(context.Context) engine.Recovery { return engine.Recovery{} }

func (listOnly) PathOf(context.Context, string) ([]engine.Node, error) { return nil, errNotYet }

func (listOnly) Search(context.Context, string, int) ([]engine.Found, error) { return nil, errNotYet }

func (listOnly) CreateFolder(context.Context, string, string) (engine.Node, error) {
	return engine.Node{}, errNotYet
}

func (listOnly) Rename(context.Context, string, string) (engine.Node, error) {
	return engine.Node{}, errNotYet
}

func (listOnly) Move(context.Context, []string, string) error { return errNotYet }

func (listOnly) Copy(context.Context, []string, string) ([]engine.Node, error) {
	return nil, errNotYet
}

func (listOnly) Delete(context.Context, []string) error { return errNotYet }

func (listOnly) Restore(context.Context, []string) ([]engine.Node, error) { return nil, errNotYet }

func (listOnly) Purge(context.Context, []string) error { return errNotYet }

func (listOnly) EmptyTrash(context.Context) (int, error) { return 0, errNotYet }

func (listOnly) Undo(context.Context) (string, error) { return "", errNotYet }

func (listOnly) Redo(context.Context) (string, error) { return "", errNotYet }

func (listOnly) UndoState(context.Context) (engine.UndoState, error) { return engine.UndoState{}, nil }

func (listOnly) Export(context.Context, []string, string, bool) error { return errNotYet }

func (listOnly) Import(context.Context, string, string, engine.Policy) (engine.Imported, error) {
	return engine.Imported{}, errNotYet
}

func (listOnly) New(context.Context, string, engine.NewShape) (engine.Edit, error) {
	return engine.Edit{}, errNotYet
}

func (listOnly) Edit(context.Context, string) (engine.Edit, error) { return engine.Edit{}, errNotYet }

func (listOnly) KeepDraft(context.Context, string) error { return errNotYet }

func (listOnly) Discard(context.Context, string) error { return errNotYet }

func (listOnly) Start(context.Context, string) (engine.Session, error) {
	return engine.Session{}, errNotYet
}

func (listOnly) Sessions(context.Context) ([]engine.Session, error) { return nil, nil }

func (listOnly) Resume(context.Context, string) error { return errNotYet }

func (listOnly) Cancel(context.Context, string, string) error { return errNotYet }

func (listOnly) Watch(func(engine.Session)) func() { return func() {} }
