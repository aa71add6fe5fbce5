package schedule

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/pipeline"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// readNote is what a download task has to tell later ones.
type readNote struct {
	Labels []string `json:"labels,omitempty"`
	Hash   string   `json:"hash"`
}

// inputs returns the download tasks that have completed, in the order of the
// inputs.
func (s *state) inputs() ([]session.Task, error) {
	var out []session.Task
	err := s.w.DB.View(func(tx *kv.Tx) error {
		for t, err := range session.Tasks().By(tx, "parent", kv.Key(nil).Str(s.w.Session).Str(s.w.id.stage(session.Download))) {
			if err != nil {
				return err
			}
			if t.Status == session.Completed {
				out = append(out, t)
			}
		}
		return nil
	})
	return out, err
}

// load reads all that download has left into units.
func (s *state) load(ctx context.Context, h *hand) (*world, error) {
	tasks, err := s.inputs()
	if err != nil {
		return nil, err
	}
	w := &world{attrs: map[uint64][]feature.Attr{}, gone: map[uint64]bool{}}
	w.units = pipeline.NewUnits(&w.faults)
	var labels []string
	var kept []batch
	for _, t := range tasks {
		var note readNote
		if err := json.Unmarshal(t.Result.Note, &note); err != nil {
			return nil, fmt.Errorf("read what %s has left: %w", t.ID, err)
		}
		labels = append(labels, note.Labels...)
		for _, id := range t.Buffers {
			b, err := s.batchOf(ctx, h, id)
			if err != nil {
				return nil, err
			}
			if s.w.Relate == nil {
				w.add(b)
			} else {
				kept = append(kept, b)
			}
		}
	}
	if err := s.relate(ctx, w, kept); err != nil {
		return nil, err
	}
	for _, l := range labels {
		w.units.Label(l)
	}
	if w.units.Len() == 0 {
		return nil, errNothing
	}
	return w, nil
}

// batch is a raw buffer and its features.
type batch struct {
	raw      *raw
	layer    string
	features []feature.Feature
}

// batchOf reads a raw buffer.
func (s *state) batchOf(ctx context.Context, h *hand, id string) (batch, error) {
	if err := ctx.Err(); err != nil {
		return batch{}, err
	}
	b, err := s.w.Scratch.Buffer(id)
	if err != nil {
		return batch{}, err
	}
	features := s.held(id)
	if features == nil {
		if features, err = s.decode(h, &b); err != nil {
			return batch{}, err
		}
	}
	r, err := rawOf(&b)
	return batch{r, b.Properties[propLayer], features}, err
}

// add adds the features of a raw buffer to the units.
func (w *world) add(b batch) {
	r := b.raw
	r.layer = w.units.Layer(b.layer)
	for len(w.numbers) <= r.layer {
		w.numbers = append(w.numbers, nil)
	}
	for i, f := range b.features {
		number := r.first + uint64(i)
		if w.gone[number] {
			r.units = append(r.units, -1)
			continue
		}
		w.attribute(&f, number)
		unit := w.units.Add(r.layer, f)
		r.units = append(r.units, unit)
		if unit >= 0 {
			w.numbers[r.layer] = append(w.numbers[r.layer], number)
		}
	}
	w.raws = append(w.raws, r)
}

// attribute gives a feature the attributes that Relate has found.
func (w *world) attribute(f *feature.Feature, number uint64) {
	if a, ok := w.attrs[number]; ok {
		f.Attrs = a
	}
}

// relate has Relate look at all that was read, and adds it to the units.
func (s *state) relate(ctx context.Context, w *world, kept []batch) error {
	if len(kept) == 0 {
		return nil
	}
	var layers []feature.Layer
	var numbers [][]uint64
	for _, b := range kept {
		at := slices.IndexFunc(layers, func(l feature.Layer) bool { return l.Name == b.layer })
		if at < 0 {
			at = len(layers)
			layers, numbers = append(layers, feature.Layer{Name: b.layer}), append(numbers, nil)
		}
		for i, f := range b.features {
			layers[at].Features = append(layers[at].Features, f) // a copy: the one that is held stays as it was read
			numbers[at] = append(numbers[at], b.raw.first+uint64(i))
		}
	}
	if err := s.w.Relate(ctx, layers, &w.faults); err != nil {
		return err
	}
	for i, l := range layers {
		for j := range l.Features {
			w.attrs[numbers[i][j]] = l.Features[j].Attrs
			if l.Features[j].Geometry == nil {
				w.gone[numbers[i][j]] = true
			}
		}
	}
	for _, b := range kept {
		w.add(b)
	}
	return nil
}
