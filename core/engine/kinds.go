package engine

import (
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/shapes-desktop/shapes/core/model/draft"
	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/model/tree"
	"github.com/shapes-desktop/shapes/core/pipeline/schedule"
	"github.com/shapes-desktop/shapes/core/store/entity"
	"github.com/shapes-desktop/shapes/core/store/kv"
	"github.com/shapes-desktop/shapes/core/store/tileset"
)

// kinds are all kinds of records, each registered once with its class: where
// it lives and when it dies follows from here alone.
type kinds struct {
	shapes     *entity.Kind[shape.Shape]
	templates  *entity.Kind[shape.Template]
	sources    *entity.Kind[shape.SourceData]
	summaries  *entity.Kind[shape.RunSummary]
	copies     *entity.Kind[draft.WorkingCopy]
	sessions   *entity.Kind[session.Session]
	tasks      *entity.Kind[session.Task]
	deps       *entity.Kind[session.Dependency]
	buffers    *entity.Kind[session.Buffer]
	indices    *entity.Kind[session.FeatureIndex]
	features   *entity.Kind[session.FeatureBuffer]
	tiles      *entity.Kind[session.TileBuffer]
	tileFiles  *entity.Files
	registered []entity.Registered
}

// Idle times, from the last access.
const (
	bufferIdle  = schedule.BufferIdle
	featureIdle = 30 * time.Minute
	tileIdle    = 15 * time.Minute
	sessionIdle = 2 * time.Hour
)

func newKinds(tilesDir string) *kinds {
	class := func(c entity.Cardinality, l entity.Lifetime) entity.Class {
		return entity.Class{Cardinality: c, Lifetime: l}
	}
	const yes, checked, asked, keep = entity.Delete, entity.Checked, entity.Asked, entity.Keep
	buffer := func(idle time.Duration, onDialog entity.Answer) entity.AutoDelete {
		return entity.AutoDelete{OnSessionComplete: yes, OnDialogClose: onDialog, OnWorkingCopyDiscard: yes, MaxIdle: idle}
	}
	ofSession := entity.AutoDelete{OnSessionComplete: yes, OnDialogClose: checked, OnWorkingCopyDiscard: yes, MaxIdle: sessionIdle}
	k := &kinds{
		shapes: entity.NewKind(shape.Shapes(), entity.Spec[shape.Shape]{
			Name: "ShapesEntity", Class: class(entity.Peer, entity.Persistent), Node: func(s *shape.Shape) string { return s.Node },
		}),
		templates: entity.NewKind(shape.Templates(), entity.Spec[shape.Template]{
			Name: "BatchConfigTemplate", Class: class(entity.Relational, entity.Persistent), ByNode: "node", ByHash: "hash",
			Shared: func(t *shape.Template) entity.Shared { return shared(&t.References, &t.Sharing) },
		}),
		sources: entity.NewKind(shape.SourceFiles(), entity.Spec[shape.SourceData]{
			Name: "SourceData", Class: class(entity.Relational, entity.Persistent), ByNode: "node",
			Shared: func(s *shape.SourceData) entity.Shared { return shared(&s.References, &s.Sharing) },
		}),
		summaries: entity.NewKind(shape.Summaries(), entity.Spec[shape.RunSummary]{
			Name: "RunSummary", Class: class(entity.Group, entity.Persistent), Node: func(s *shape.RunSummary) string { return s.Node },
		}),
		copies: entity.NewKind(draft.Copies(), entity.Spec[draft.WorkingCopy]{
			Name: "ShapesWorkingCopy", Class: class(entity.Peer, entity.Ephemeral), Node: func(w *draft.WorkingCopy) string { return w.Node },
			Ahead:      func(w *draft.WorkingCopy) bool { return w.New },
			Held:       func(*draft.WorkingCopy) bool { return true }, // open ones are being edited, others are drafts
			AutoDelete: entity.AutoDelete{OnSessionComplete: keep, OnDialogClose: asked, OnWorkingCopyDiscard: yes},
		}),
		sessions: entity.NewKind(session.Sessions(), entity.Spec[session.Session]{
			Name: "BatchSession", Class: class(entity.Group, entity.Ephemeral),
			Node: func(s *session.Session) string { return s.Node }, ByNode: "node",
			Session: func(s *session.Session) string { return s.ID }, Active: func(s *session.Session) bool { return s.Status.Active() },
			Accessed: func(s *session.Session) time.Time { return s.Accessed }, AutoDelete: ofSession,
			Stamp: func(s *session.Session, st entity.Stamp) { s.Accessed = st.Now },
			Users: func(s *session.Session) entity.Users {
				r := &s.References
				return entity.Users{IDs: &r.Sessions, Primary: &r.Primary, Max: r.MaxSessions, DeleteEmpty: r.DeleteEmpty, Timeout: r.Timeout}
			},
		}),
		tasks: entity.NewKind(session.Tasks(), entity.Spec[session.Task]{
			Name: "BatchTask", Class: class(entity.Group, entity.Ephemeral), Session: func(t *session.Task) string { return t.Session }, AutoDelete: ofSession,
		}),
		deps: entity.NewKind(session.Dependencies(), entity.Spec[session.Dependency]{
			Name: "TaskDependency", Class: class(entity.Relational, entity.Ephemeral), Session: func(d *session.Dependency) string { return d.Session }, AutoDelete: ofSession,
		}),
		buffers: entity.NewKind(session.Buffers(), entity.Spec[session.Buffer]{
			Name: "BatchBuffer", Class: class(entity.Group, entity.Ephemeral), Bulk: true, AutoDelete: buffer(bufferIdle, yes),
		}),
		indices: entity.NewKind(session.FeatureIndices(), entity.Spec[session.FeatureIndex]{
			Name: "FeatureIndex", Class: class(entity.Group, entity.Ephemeral), Bulk: true, AutoDelete: buffer(featureIdle, yes),
		}),
		features: entity.NewKind(session.FeatureBuffers(), entity.Spec[session.FeatureBuffer]{
			Name: "FeatureBuffer", Class: class(entity.Group, entity.Ephemeral), Bulk: true, AutoDelete: buffer(featureIdle, yes),
		}),
		tiles: entity.NewKind(session.TileBuffers(), entity.Spec[session.TileBuffer]{
			Name: "TileBuffer", Class: class(entity.Group, entity.Ephemeral), Bulk: true, AutoDelete: buffer(tileIdle, keep),
		}),
		tileFiles: entity.NewFiles("VectorTile", tileFiles{tilesDir}),
	}
	k.registered = []entity.Registered{
		k.shapes, k.templates, k.sources, k.summaries, k.copies, k.sessions, k.tasks, k.deps,
		k.buffers, k.indices, k.features, k.tiles, k.tileFiles,
	}
	return k
}

func shared(r *shape.References, s *shape.Sharing) entity.Shared {
	return entity.Shared{
		Strong: &r.Strong, Weak: &r.Weak, Hash: &s.ContentHash, Count: &s.ShareCount,
		LastAccess: &s.LastAccess, Frequency: &s.Frequency,
	}
}

// coreSchema and ephemeralSchema are what the databases hold beside the kinds.
func coreSchema() kv.Schema {
	return kv.Schema{Version: 1, Tables: append(tree.Tables(), draft.Commits(), shape.Consents())}
}

func ephemeralSchema() kv.Schema { return kv.Schema{Version: 1} }

// tileFiles is the folder with a tile file for each node that was built.
type tileFiles struct{ dir string }

const tileSuffix = ".db"

func (t tileFiles) path(node string) string { return filepath.Join(t.dir, node+tileSuffix) }

// Nodes lists the ids of the nodes that have tiles.
func (t tileFiles) Nodes() ([]string, error) {
	entries, err := os.ReadDir(t.dir) // by name
	if err != nil {
		return nil, err
	}
	var out []string
	for _, e := range entries {
		if node, ok := strings.CutSuffix(e.Name(), tileSuffix); ok && e.Type().IsRegular() && !strings.Contains(node, ".") {
			out = append(out, node)
		}
	}
	return out, nil
}

// Size returns how large a node's tile file is. How many tiles it has takes
// opening it.
func (t tileFiles) Size(node string) (records int, bytes int64, err error) {
	info, err := os.Stat(t.path(node))
	if os.IsNotExist(err) {
		return 0, 0, nil
	}
	if err != nil {
		return 0, 0, err
	}
	return 1, info.Size(), nil
}

// Remove deletes a node's tile file and what stands beside it.
func (t tileFiles) Remove(node string) error { return tileset.Remove(t.path(node)) }
