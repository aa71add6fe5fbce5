package fetch

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// maxHops is how many redirects are followed.
const maxHops = 5

// exchange asks once, redirects included, and takes what comes.
func (d *download) exchange(ctx context.Context, w *watch) error {
	resp, err := d.ask(ctx, w)
	if err != nil {
		return err
	}
	defer discard(resp)
	return d.take(ctx, w, resp)
}

// ask follows redirects until there is an answer. They are followed here and
// not by net/http, so that mirrors and rules hold for each.
func (d *download) ask(ctx context.Context, w *watch) (*http.Response, error) {
	at, form := d.url, d.g.Form
	for hop := 0; ; hop++ {
		req, err := d.request(ctx, at, form)
		if err != nil {
			return nil, forbidden("the address cannot be asked")
		}
		d.got.Requests++
		resp, err := d.c.o.Transport.RoundTrip(req)
		if err != nil {
			return nil, d.explain(ctx, bare(err))
		}
		w.alive()
		switch resp.StatusCode {
		case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther:
			form = "" // as all clients do: what was posted is not posted again
		case http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		default:
			resp.Request = req
			return resp, nil
		}
		discard(resp)
		if hop == maxHops {
			return nil, forbidden(fmt.Sprintf("the server leads on and on (more than %d redirects)", maxHops))
		}
		if at, err = d.c.places.follow(at, resp.Header.Get("Location")); err != nil {
			return nil, err
		}
	}
}

// discard ends a body; a short rest is read, so that the connection is of use
// again.
func discard(resp *http.Response) {
	if resp.ContentLength >= 0 && resp.ContentLength <= 4<<10 {
		_, _ = io.CopyN(io.Discard, resp.Body, resp.ContentLength)
	}
	_ = resp.Body.Close()
}

func (d *download) request(ctx context.Context, at *url.URL, form string) (*http.Request, error) {
	method, body := http.MethodGet, io.Reader(nil)
	if form != "" {
		method, body = http.MethodPost, strings.NewReader(form)
	}
	req, err := http.NewRequestWithContext(ctx, method, at.String(), body)
	if err != nil {
		return nil, err
	}
	if at.User != nil {
		password, _ := at.User.Password()
		req.SetBasicAuth(at.User.Username(), password)
	}
	req.Header.Set("User-Agent", d.c.o.UserAgent)
	req.Header.Set("Accept", "*/*")
	req.Header.Set("Accept-Encoding", "identity")
	if form != "" {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	d.condition(req.Header)
	return req, nil
}

// condition asks for the rest of what is there, or for what is new.
func (d *download) condition(h http.Header) {
	if d.ranged() {
		h.Set("Range", "bytes="+strconv.FormatInt(d.part.size, 10)+"-")
		h.Set("If-Range", d.state.validator())
		return
	}
	if d.g.ETag != "" {
		h.Set("If-None-Match", d.g.ETag)
	}
	if d.g.Modified != "" {
		h.Set("If-Modified-Since", d.g.Modified)
	}
}

// ranged reports whether only the rest of the file is asked for.
func (d *download) ranged() bool {
	return !d.noRange && d.g.Form == "" && d.part.size > 0 && d.state.continuable()
}
