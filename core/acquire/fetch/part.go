package fetch

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"
	"os"

	"github.com/shapes-desktop/shapes/core/store/atomicfile"
)

// file is what a download is written to.
type file interface {
	io.ReadWriteSeeker
	io.Closer
	Truncate(size int64) error
}

func openFile(path string) (file, error) {
	return os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600) //nolint:gosec // the path is the caller's
}

// part is a file that grows, and the hash of all of it.
type part struct {
	f    file
	sum  hash.Hash
	size int64
}

// openPart opens the file and keeps its first bytes, at most so many.
func openPart(ctx context.Context, f file, keep int64) (*part, error) {
	p := &part{f: f, sum: sha256.New()}
	if keep > 0 {
		n, err := io.Copy(p.sum, io.LimitReader(stoppable{ctx, f}, keep))
		if err != nil {
			return nil, err
		}
		p.size = n
	}
	if err := f.Truncate(p.size); err != nil {
		return nil, err
	}
	_, err := f.Seek(p.size, io.SeekStart)
	return p, err
}

// stoppable is a reader that ends with ctx.
type stoppable struct {
	ctx context.Context //nolint:containedctx // it lives for one call
	r   io.Reader
}

func (s stoppable) Read(b []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.r.Read(b)
}

// add writes b at the end.
func (p *part) add(b []byte) error {
	n, err := p.f.Write(b)
	_, _ = p.sum.Write(b[:n]) // a hash takes everything
	p.size += int64(n)
	return err
}

// clear makes the part empty.
func (p *part) clear() error {
	p.sum.Reset()
	p.size = 0
	if err := p.f.Truncate(0); err != nil {
		return err
	}
	_, err := p.f.Seek(0, io.SeekStart)
	return err
}

func (p *part) hex() string { return hex.EncodeToString(p.sum.Sum(nil)) }

// diskError tells what keeps a download from being written.
func diskError(err error) *Error {
	return &Error{Kind: Disk, Says: atomicfile.Explain("write the download", err).Error(), Cause: err}
}
