package ingest

import (
	"fmt"
	"slices"

	"github.com/paulmach/orb"

	"github.com/shapes-desktop/shapes/core/geo/feature"
)

// held keeps what an answer gives apart: relations that name their ways, ways
// that name their nodes, and nodes (`out body; >; out skel;`). They come in
// any order, so all is kept to the end, bounded by the limit on the vertices
// of one feature.
type held struct {
	nodes     map[int64]orb.Point
	ways      map[int64]heldWay
	relations []heldRelation
	cost      int
}

// heldWay is a way's points, or the nodes that are its points.
type heldWay struct {
	pts   []orb.Point
	nodes []int64
}

// heldRelation waits for its ways.
type heldRelation struct {
	index int // its place in the layer
	e     element
	attrs []feature.Attr
}

// take counts n more things that are kept.
func (h *held) take(c *collector, n int) error {
	if h.cost += n; h.cost > c.limits.VerticesPerFeature {
		return &LimitError{Limit: "nodes of ways that are apart from their relations", Value: int64(c.limits.VerticesPerFeature), Place: c.place()}
	}
	return nil
}

func (h *held) node(c *collector, e *element) error {
	if h.nodes == nil {
		h.nodes = map[int64]orb.Point{}
	}
	h.nodes[e.id] = e.at
	return h.take(c, 1)
}

func (h *held) way(c *collector, e *element) error {
	if h.ways == nil {
		h.ways = map[int64]heldWay{}
	}
	w := heldWay{}
	switch {
	case e.way.gap > 0: // as good as missing
		return nil
	case e.way.has:
		w.pts = slices.Clone(e.pts[e.way.start:e.way.end])
	default:
		w.nodes = slices.Clone(e.nodes)
	}
	h.ways[e.id] = w
	return h.take(c, 1+len(w.pts)+len(w.nodes))
}

// relation keeps the current record. Its place in the layer is taken now, so
// that faults count as the file does.
func (h *held) relation(c *collector, e *element) error {
	kept := *e
	kept.members, kept.pts, kept.nodes = slices.Clone(e.members), slices.Clone(e.pts), nil
	h.relations = append(h.relations, heldRelation{index: c.inLayer, e: kept, attrs: slices.Clone(c.attrs.list)})
	c.inLayer++
	if len(h.relations)+c.sum.Features > c.limits.Features {
		return &LimitError{Limit: "features", Value: int64(c.limits.Features), Place: c.place()}
	}
	return h.take(c, 1+len(kept.members)+len(kept.pts))
}

// emitHeld gives the relations that waited their ways and passes them on.
func (j *jsonReader) emitHeld() error {
	h := &j.over.held
	after := j.c.inLayer
	for i := range h.relations {
		r := &h.relations[i]
		if err := h.resolve(j.c, &r.e); err != nil {
			return err
		}
		j.c.inLayer = r.index
		if err := j.emitRelation(&r.e, r.attrs); err != nil {
			return err
		}
		*r = heldRelation{}
	}
	j.c.inLayer = after
	return nil
}

// resolve adds the points of the ways that e names. Those that are not there
// stay without.
func (h *held) resolve(c *collector, e *element) error {
	for i := range e.members {
		m := &e.members[i]
		w, known := h.ways[m.ref]
		if m.kind != kindWay || !m.isOutline() || m.has || !known {
			continue
		}
		m.start = len(e.pts)
		e.pts = append(e.pts, w.pts...)
		for n, ref := range w.nodes {
			p, ok := h.nodes[ref]
			if ok {
				e.pts = append(e.pts, p)
			} else if m.gap == 0 {
				m.gap = n + 1
			}
		}
		m.end = len(e.pts)
		m.has = m.end > m.start || m.gap > 0
		if err := c.checkVertices(len(e.pts)); err != nil {
			return err
		}
	}
	return nil
}

// gap is why a relation has no outline that is whole.
type gap struct {
	at    orb.Point // where; meaningful if hasAt
	hasAt bool
	why   string
}

func gapAt(p orb.Point, format string, args ...any) *gap {
	return &gap{at: p, hasAt: true, why: fmt.Sprintf(format, args...)}
}

// missing tells what of the outline has no geometry, nil if nothing.
func (e *element) missing() *gap {
	outer := false
	for i := range e.members {
		m := &e.members[i]
		if !m.isOutline() {
			continue
		}
		switch {
		case m.kind == kindRelation:
			return e.gapNear(nil, fmt.Sprintf("relation %d is part of the outline, but has no geometry here", m.ref))
		case m.kind != kindWay: // a point encloses nothing
			continue
		case !m.has:
			return e.gapNear(nil, fmt.Sprintf("way %d of the outline has no geometry here", m.ref))
		case m.gap > 0:
			return e.gapNear(m, fmt.Sprintf("point %d of way %d is not here", m.gap, m.ref))
		}
		outer = outer || m.role == roleOuter
	}
	if !outer {
		return e.gapNear(nil, "it has no outer way")
	}
	return nil
}

// gapNear places a gap at the point before it in its way, else where the
// relation says that it is, else at any point of it.
func (e *element) gapNear(m *osmMember, why string) *gap {
	g := &gap{at: e.at, hasAt: e.hasAt && isFinite(e.at), why: why}
	switch {
	case m != nil && m.end > m.start:
		g.at, g.hasAt = e.pts[max(m.start, min(m.start+m.gap-2, m.end-1))], true
	case !g.hasAt && len(e.pts) > 0:
		g.at, g.hasAt = e.pts[0], true
	}
	if !g.hasAt {
		g.at = orb.Point{}
	}
	return g
}
