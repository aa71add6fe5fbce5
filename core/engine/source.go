package engine

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"math"
	"os"
	"strings"
	"sync/atomic"

	"github.com/dustin/go-humanize"

	"github.com/shapes-desktop/shapes/core/acquire/ingest"
	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/pipeline/schedule"
	"github.com/shapes-desktop/shapes/resources/sample"
)

// inputsOf returns what a session has to read.
func (e *Engine) inputsOf(ses *session.Session) ([]schedule.Input, error) {
	switch {
	case ses.Source == shape.Sample:
		return []schedule.Input{{
			Name: "sample", Title: sample.Name, Weight: float64(sample.Size()),
			Config: session.TaskConfig{Source: ses.Source, Level: -1, Path: Sample},
		}}, nil
	case fetched(ses.Source):
		return e.downloads(ses)
	}
	var out []schedule.Input
	for i, f := range ses.Files {
		info, err := os.Stat(f.Path)
		if err != nil {
			return nil, fmt.Errorf("look at %s: %w; choose the file anew in the settings", f.Path, err)
		}
		out = append(out, schedule.Input{
			Name: fmt.Sprintf("%d-%s", i, plainName(baseName(f.Path))), Title: "Read " + baseName(f.Path),
			Weight: float64(max(1, info.Size())),
			Config: session.TaskConfig{Source: ses.Source, Level: -1, Path: f.Path, Layer: f.Layer},
		})
	}
	return out, nil
}

// plainName makes a file's name fit for an id.
func plainName(name string) string {
	keep := func(r rune) rune {
		if r < 128 && (r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '.') {
			return r
		}
		return '_'
	}
	name = strings.Map(keep, name)
	return name[:min(len(name), 60)]
}

// reader is stage download of a session.
type reader struct {
	e      *Engine
	ses    session.Session
	memory int64 // bytes that the run may use
	// all counts the vertices of the inputs that were read and are being read.
	all *atomic.Int64
}

func newReader(e *Engine, ses session.Session) reader {
	all := &atomic.Int64{}
	all.Store(int64(ses.Made.Vertices)) // of inputs that were read before a pause
	return reader{e: e, ses: ses, memory: memoryLimit(0), all: all}
}

// Read gets an input, if it has to be fetched, and decodes it.
func (r reader) Read(ctx context.Context, t session.TaskConfig, onBytes func(done, total int64),
	take func(layer string, f feature.Feature) error,
) (res schedule.SourceResult, err error) {
	vertices := int64(0)
	defer func() {
		if err != nil { // nothing of it is kept
			r.all.Add(-vertices)
		}
	}()
	each := func(layer string, f feature.Feature) error {
		exact(f)
		n := int64(0)
		for _, p := range f.Geometry {
			for _, ring := range p {
				n += int64(len(ring))
			}
		}
		vertices += n
		if err := r.bound(layer, f, vertices, r.all.Add(n)); err != nil {
			return err
		}
		return take(layer, f)
	}
	opt := ingest.Options{Layer: t.Layer, OnBytes: onBytes}
	var sum ingest.Summary
	switch {
	case t.Source == shape.Sample:
		res.Labels = []string{sample.LayerCountries}
		sum, res.Hash, err = r.readSample(ctx, opt, each)
	case fetched(t.Source):
		return r.readFetched(ctx, t, opt, each)
	default:
		sum, res.Hash, err = readLocal(ctx, t.Path, opt, each)
	}
	if errors.Is(err, ingest.ErrNoFeatures) && len(r.ses.Files) > 1 {
		err = nil // said in the faults; the other inputs may have some
	}
	res.Faults.Merge(&sum.Faults)
	return res, err
}

func (r reader) readSample(ctx context.Context, opt ingest.Options, each ingest.Sink) (sum ingest.Summary, hash string, err error) {
	data, err := io.ReadAll(sample.Gzipped())
	if err != nil {
		return sum, "", fmt.Errorf("open the bundled sample: %w", err)
	}
	digest := sha256.Sum256(data)
	sum, err = ingest.ReadBytes(ctx, sample.FileName, data, opt, func(layer string, f feature.Feature) error {
		if country, level := schedule.Identify(layer, f); !r.ses.Selection.Has(country, uint8(max(0, level))) {
			return nil
		}
		return each(layer, f)
	})
	return sum, hex.EncodeToString(digest[:]), err
}

// readLocal reads a file of the user's own, which must not change meanwhile.
func readLocal(ctx context.Context, path string, opt ingest.Options, each ingest.Sink) (sum ingest.Summary, hash string, err error) {
	if hash, err = hashFile(ctx, path); err != nil {
		return sum, "", err
	}
	before, _ := os.Stat(path)
	sum, err = ingest.ReadFile(ctx, path, opt, each)
	if after, _ := os.Stat(path); err == nil && (before == nil || after == nil || before.Size() != after.Size() || !before.ModTime().Equal(after.ModTime())) {
		err = fmt.Errorf("read %s: it was changed while it was read; run again when it is written", path)
	}
	return sum, hash, err
}

// bound refuses an input that is too large for this machine, or for the
// settings, before it is too late.
func (r reader) bound(layer string, f feature.Feature, vertices, all int64) error {
	if most := r.ses.Config.Simplify1.MaxVertices; most > 0 && vertices > int64(most) {
		return fmt.Errorf("at feature %d of layer %s the input has more than the %s vertices that simplify1.maxVertices allows",
			f.Index, layer, humanize.Comma(int64(most)))
	}
	if all*bytesPerVertex > r.memory {
		return fmt.Errorf("at feature %d of layer %s all that is read needs more than the %s of memory it may use: build a part of it",
			f.Index, layer, humanize.IBytes(uint64(r.memory)))
	}
	return nil
}

// exact rounds the coordinates of f to 10^-9 degrees, a tenth of a millimetre:
// what a session keeps of them, so that all runs of a recipe see the same.
func exact(f feature.Feature) {
	const scale = 1e9
	for _, p := range f.Geometry {
		for _, ring := range p {
			for i, q := range ring {
				ring[i] = [2]float64{math.Round(q[0]*scale) / scale, math.Round(q[1]*scale) / scale}
			}
		}
	}
}

// hashFile returns the sha256 of a file, hex.
func hashFile(ctx context.Context, path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("read %s: %w", path, err)
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(hashing{ctx, h}, f); err != nil {
		return "", fmt.Errorf("read %s: %w", path, err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// hashing ends when ctx does.
type hashing struct {
	ctx context.Context
	h   hash.Hash
}

func (h hashing) Write(p []byte) (int, error) {
	if err := h.ctx.Err(); err != nil {
		return 0, err
	}
	return h.h.Write(p)
}
