package schedule

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/model/shape"
)

// arcs is stage simplify1 for all inputs together: the arrangement, and with
// it the tasks of all that comes after.
func (s *state) arcs(ctx context.Context, h *hand, t session.Task, m *meter) (outcome, error) {
	w, err := s.load(ctx, h)
	if err != nil {
		return outcome{}, err
	}
	if w.steps, err = s.steps(w); err != nil {
		return outcome{}, err
	}
	before := s.w.Now()
	if err := w.steps.Arrange(ctx, func(done float64) { m.set(0.9 * done) }); err != nil {
		return outcome{}, err
	}
	h.bytes = w.steps.AppendArcs(h.bytes[:0])
	b, err := s.buffer(h, t, arcsBuffer, session.Simplified, session.TopoJSON, shape.None, h.bytes)
	h.bytes = nil // as large as the input: not to be kept
	if err != nil {
		return outcome{}, err
	}
	b.Features, b.BBox, b.CRS, b.Took = w.units.Len(), w.units.Bounds(), "EPSG:3857", s.w.Now().Sub(before)
	out := outcome{kept: Kept{Buffers: []session.Buffer{b}}}
	out.addFaults(&w.faults)
	s.followers(w, &out)
	cfg := w.steps.Config()
	if s.w.started.Config.VectorTiles.MaxZoom < 0 {
		out.result.Note = []byte(proposed)
	}
	out.change = func(ses *session.Session) { ses.Config.VectorTiles.MaxZoom = cfg.MaxZoom }
	s.mu.Lock()
	s.world = w
	s.mu.Unlock()
	return out, nil
}

// proposed is what arcs notes if it was the data that proposed the maxzoom: a
// run with other data, begun anew, asks again.
const proposed = "proposed maxzoom"

// zoomsAhead is how many zooms may be simplified beyond the one whose tiles
// are made: what bounds memory.
const zoomsAhead = 2

// followers adds the tasks that depend on what was found.
func (s *state) followers(w *world, out *outcome) {
	id, node := s.w.id, s.w.started.Node
	add := func(t session.Task) string {
		t.Node = node
		out.tasks = append(out.tasks, t)
		return t.ID
	}
	depend := func(source, target string, typ session.DependencyType, required ...string) {
		d := dependency(source, target, typ)
		d.Required = required
		out.deps = append(out.deps, d)
	}
	taken := map[string]bool{}
	for i, r := range w.raws {
		name, title := r.name, fmt.Sprintf("Features of %s", r.name)
		if r.country != "" && r.level >= 0 {
			title = fmt.Sprintf("%s, level %d", r.country, r.level)
			if cell := fmt.Sprintf("%s-level%d", r.country, r.level); !taken[cell] {
				taken[cell], name = true, cell
			}
		}
		cell := add(session.Task{
			ID: id.cell(name), Parent: id.stage(session.Simplify1), Stage: session.Simplify1, Name: title,
			Priority: 1000 + i, Weight: float64(r.size) / 8,
			Config: session.TaskConfig{Kind: kindCell, Country: r.country, Level: r.level, Block: i},
		})
		depend(r.task, cell, session.Data, r.buffer)
		depend(id.arcs(), cell, session.Data, arcsBuffer)
	}
	cfg := w.steps.Config()
	for z := cfg.MinZoom; z <= cfg.MaxZoom; z++ {
		weight := 1000 * math.Pow(1.6, float64(z))
		config := session.TaskConfig{
			Kind: kindZoom, Level: -1, Zoom: z, Tolerance: cfg.Tolerance, PreserveTopology: true, MinArea: cfg.MinArea,
		}
		zoom := add(session.Task{
			ID: id.zoom(z), Parent: id.stage(session.Simplify2), Stage: session.Simplify2,
			Name: fmt.Sprintf("Simplify zoom %d", z), Priority: z, Weight: weight, Config: config,
		})
		depend(id.arcs(), zoom, session.Data, arcsBuffer)
		if z-zoomsAhead >= cfg.MinZoom {
			depend(id.tiles(z-zoomsAhead), zoom, session.Conditional) // in any case, but not before
		}
		tiles := add(session.Task{
			ID: id.tiles(z), Group: true, Parent: id.stage(session.VectorTile), Stage: session.VectorTile,
			Name: fmt.Sprintf("Tiles of zoom %d", z), Priority: z,
		})
		config.Kind = kindCut
		cut := add(session.Task{
			ID: id.cut(z), Parent: tiles, Stage: session.VectorTile,
			Name: fmt.Sprintf("Cut zoom %d", z), Priority: z * 1e6, Weight: weight, Config: config,
		})
		depend(zoom, cut, session.Sequential)
		if z > cfg.MinZoom {
			depend(id.cut(z-1), cut, session.Conditional) // in any case: it tells how many tiles there are
		}
		depend(tiles, id.store(), session.Conditional)
	}
}

// cell is stage simplify1 for the features of one raw buffer: each as the
// arrangement has it, with its index and how true it is.
func (s *state) cell(ctx context.Context, worker int, h *hand, t session.Task) (outcome, error) {
	w, err := s.ready(ctx, h)
	if err != nil {
		return outcome{}, err
	}
	if t.Config.Block >= len(w.raws) {
		return outcome{}, fmt.Errorf("buffer %d of %d: %w", t.Config.Block, len(w.raws), ErrLost)
	}
	r := w.raws[t.Config.Block]
	features := s.held(r.buffer)
	if features == nil {
		b, err := s.w.Scratch.Buffer(r.buffer)
		if err != nil {
			return outcome{}, err
		}
		if features, err = s.decode(h, &b); err != nil {
			return outcome{}, err
		}
	}
	before, err := s.w.Scratch.Indices(r.first, len(features))
	if err != nil {
		return outcome{}, err
	}
	var out outcome
	now := s.w.Now()
	for i, f := range features {
		if err := ctx.Err(); err != nil {
			return outcome{}, err
		}
		if r.units[i] < 0 {
			continue
		}
		w.attribute(&f, r.first+uint64(i))
		if err := s.featureOf(worker, h, w, r, i, f, before[i], now, &out); err != nil {
			return outcome{}, err
		}
	}
	s.drop(r.buffer)
	return out, nil
}

// featureOf makes the records of one feature. x is its index as download left
// it, which stays true where vertices were rounded and no more.
func (s *state) featureOf(worker int, h *hand, w *world, r *raw, i int, f feature.Feature, x session.FeatureIndex, now time.Time, out *outcome) error {
	number, id, complexity := r.first+uint64(i), w.units.ID(r.layer, r.units[i]), x.Complexity
	mp := w.steps.Geometry(worker, r.layer, r.units[i])
	quality, rounded := w.steps.Rounded(r.layer, r.units[i])
	if !rounded { // borders were cut or rebuilt
		quality = h.overlay.Compare(f.Geometry, mp).Quality()
		fill(&x, feature.MeasureOf(mp))
		out.kept.Indices = append(out.kept.Indices, x)
	}
	vertices := 0
	for _, p := range mp {
		for _, ring := range p {
			vertices += len(ring)
		}
	}
	geometry, err := h.fine.AppendGeometry(nil, mp)
	if err != nil {
		return fmt.Errorf("keep %s: %w", x.Name, err)
	}
	properties, err := h.fine.AppendFeature(nil, feature.Feature{ID: id, Attrs: f.Attrs})
	if err != nil {
		return fmt.Errorf("keep %s: %w", x.Name, err)
	}
	out.kept.Features = append(out.kept.Features, session.FeatureBuffer{
		ID: number, Source: r.buffer, Index: number, Feature: id, Original: strconv.Itoa(f.Index),
		Geometry: geometry, Properties: properties, Level: 1,
		OriginalComplexity: complexity, CurrentComplexity: x.Complexity,
		Quality:     quality,
		Compression: float64(len(geometry)) / float64(max(1, 16*vertices)),
		Created:     now, Optimized: now,
	})
	return nil
}
