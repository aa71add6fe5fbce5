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
	"path/filepath"
	"strings"
	"time"

	"github.com/dustin/go-humanize"

	"github.com/shapes-desktop/shapes/core/acquire/ingest"
	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/geo/simplify"
	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/pipeline"
	"github.com/shapes-desktop/shapes/core/pipeline/schedule"
	"github.com/shapes-desktop/shapes/core/store/kv"
	"github.com/shapes-desktop/shapes/resources/sample"
)

// inputsOf returns what a session of the shape has to read.
func inputsOf(s *shape.Shape) ([]schedule.Input, error) {
	if s.Source == shape.Sample {
		return []schedule.Input{{
			Name: "sample", Title: sample.Name, Weight: float64(sample.Size()),
			Config: session.TaskConfig{Source: s.Source, Level: -1, Path: Sample},
		}}, nil
	}
	var out []schedule.Input
	for i, f := range s.Files {
		info, err := os.Stat(f.Path)
		if err != nil {
			return nil, fmt.Errorf("look at %s: %w; choose the file anew in the settings", f.Path, err)
		}
		out = append(out, schedule.Input{
			Name: fmt.Sprintf("%d-%s", i, plainName(baseName(f.Path))), Title: "Read " + baseName(f.Path),
			Weight: float64(max(1, info.Size())),
			Config: session.TaskConfig{Source: s.Source, Level: -1, Path: f.Path, Layer: f.Layer},
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

// reader is stage download for what is at hand: the sample and local files.
type reader struct {
	selection   shape.Selection
	files       []shape.File
	memory      int64 // bytes that the run may use
	maxVertices int   // 0: what memory allows
}

// Read decodes an input.
func (r reader) Read(ctx context.Context, t session.TaskConfig, onBytes func(done, total int64),
	take func(layer string, f feature.Feature) error,
) (schedule.SourceResult, error) {
	vertices := 0
	each := func(layer string, f feature.Feature) error {
		if t.Source == shape.Sample {
			if country, level := schedule.Identify(layer, f); !r.selection.Has(country, uint8(max(0, level))) {
				return nil
			}
		}
		exact(f)
		for _, p := range f.Geometry {
			for _, ring := range p {
				vertices += len(ring)
			}
		}
		if err := r.bound(layer, f, vertices); err != nil {
			return err
		}
		return take(layer, f)
	}
	opt := ingest.Options{Layer: t.Layer, OnBytes: onBytes}
	var sum ingest.Summary
	res := schedule.SourceResult{}
	var err error
	if t.Source == shape.Sample {
		var data []byte
		if data, err = io.ReadAll(sample.Gzipped()); err != nil {
			return res, fmt.Errorf("open the bundled sample: %w", err)
		}
		digest := sha256.Sum256(data)
		res.Hash, res.Labels = hex.EncodeToString(digest[:]), []string{sample.LayerCountries}
		sum, err = ingest.ReadBytes(ctx, sample.FileName, data, opt, each)
	} else {
		if res.Hash, err = hashFile(ctx, t.Path); err != nil {
			return res, err
		}
		before, _ := os.Stat(t.Path)
		sum, err = ingest.ReadFile(ctx, t.Path, opt, each)
		if after, _ := os.Stat(t.Path); err == nil && (before == nil || after == nil || before.Size() != after.Size() || !before.ModTime().Equal(after.ModTime())) {
			err = fmt.Errorf("read %s: it was changed while it was read; run again when it is written", t.Path)
		}
	}
	if errors.Is(err, ingest.ErrNoFeatures) && len(r.files) > 1 {
		err = nil // said in the faults; the other inputs may have some
	}
	res.Faults.Merge(&sum.Faults)
	return res, err
}

// bound refuses an input that is too large for this machine, or for the
// settings, before it is too late.
func (r reader) bound(layer string, f feature.Feature, vertices int) error {
	if r.maxVertices > 0 && vertices > r.maxVertices {
		return fmt.Errorf("at feature %d of layer %s the input has more than the %s vertices that simplify1.maxVertices allows",
			f.Index, layer, humanize.Comma(int64(r.maxVertices)))
	}
	if int64(vertices)*bytesPerVertex > r.memory {
		return fmt.Errorf("at feature %d of layer %s the input needs more than the %s of memory it may use: build a part of it",
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

// tilingOf translates a session's settings for the pipeline. proposed is the
// maxzoom that the data's resolution is good for.
func tilingOf(s *session.Session, proposed int) (pipeline.Config, error) {
	cfg := pipeline.DefaultConfig()
	c := s.Config
	cfg.MinZoom = int(c.VectorTiles.FirstZoom(0))
	cfg.MaxZoom = c.VectorTiles.MaxZoom
	if cfg.MaxZoom < 0 {
		cfg.MaxZoom = max(cfg.MinZoom, proposed)
		if s.Source == shape.Sample {
			cfg.MaxZoom = max(cfg.MinZoom, sampleMaxZoom)
		}
	}
	cfg.Tolerance, cfg.Buffer = c.Simplify2.Tolerance, c.VectorTiles.Buffer
	if c.Simplify1.Algorithm == shape.Visvalingam {
		cfg.Algorithm = simplify.Visvalingam
	}
	cfg.Small, cfg.MinArea = pipeline.SmallPolicy(c.VectorTiles.Small), c.Simplify1.MinArea
	cfg.MaxTiles = c.VectorTiles.TileCountThresholdForZoomStop
	return cfg, cfg.Validate()
}

// relateSources records the files that a session has read, and that its node
// uses them.
func (e *Engine) relateSources(tx *kv.Tx, s *shape.Shape, ses session.Session) error {
	table := shape.SourceFiles()
	var old []kv.Key
	for f, err := range table.By(tx, "node", kv.Key(nil).Str(s.Node)) {
		if err != nil {
			return err
		}
		old = append(old, table.Key(&f))
	}
	now := e.now()
	used := map[string]bool{}
	for i, hash := range ses.Inputs {
		if hash == "" { // it was not read
			continue
		}
		d := shape.SourceData{SHA256: hash, Source: ses.Source, Fetched: now, Name: sample.FileName, License: sample.License, Vintage: sample.Vintage, Size: int64(sample.Size())}
		if ses.Source == shape.Local && i < len(ses.Files) {
			d = localFile(hash, ses.Files[i].Path, now)
		}
		d.Sharing.ContentHash = hash
		if _, _, err := e.kinds.sources.PutShared(tx, d, now); err != nil {
			return err
		}
		if err := e.kinds.sources.AddRef(tx, kv.Key(nil).Str(hash), s.Node, 1, now); err != nil {
			return err
		}
		used[hash] = true
	}
	for _, key := range old {
		if d, ok, err := table.Get(tx, key); err != nil || !ok || used[d.SHA256] {
			if err != nil {
				return err
			}
			continue
		}
		if _, err := e.kinds.sources.DropRef(tx, key, s.Node); err != nil {
			return err
		}
	}
	return nil
}

func localFile(hash, path string, now time.Time) shape.SourceData {
	d := shape.SourceData{SHA256: hash, Source: shape.Local, Name: filepath.Base(path), URL: "file:" + filepath.ToSlash(path), Fetched: now}
	if info, err := os.Stat(path); err == nil {
		d.Size, d.Modified = info.Size(), info.ModTime().UTC().Format(time.RFC1123)
	}
	return d
}
