package engine

import (
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/store/cache"
	"github.com/shapes-desktop/shapes/core/store/kv"
	"github.com/shapes-desktop/shapes/resources/sample"
)

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
	var err error
	for i, hash := range ses.Inputs {
		if hash == "" { // it was not read
			continue
		}
		d := shape.SourceData{SHA256: hash, Source: ses.Source, Fetched: now, Name: sample.FileName, License: sample.License, Vintage: sample.Vintage, Size: int64(sample.Size())}
		switch {
		case ses.Source == shape.Local && i < len(ses.Files):
			d = localFile(hash, ses.Files[i].Path, now)
		case fetched(ses.Source):
			if d, err = e.fetchedFile(hash, ses.Source); err != nil {
				return err
			}
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

// fetchedFile is the record of a file in the cache.
func (e *Engine) fetchedFile(hash string, s shape.Source) (shape.SourceData, error) {
	c, err := e.supply()
	if err != nil {
		return shape.SourceData{}, err
	}
	r, _, err := c.cache.Get(hash)
	if errors.Is(err, cache.ErrMissing) { // removed meanwhile: what is made of it stays
		return shape.SourceData{SHA256: hash, Source: s, Fetched: e.now()}, nil
	}
	return shape.SourceData{
		SHA256: hash, Size: r.Size, Name: r.Name, Source: s, URL: r.URL, FinalURL: r.FinalURL, ETag: r.ETag, Modified: r.Modified,
		Fetched: r.Fetched, License: r.License, Vintage: r.Vintage,
	}, err
}
