package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"feedwright/config"
	"feedwright/server"
)

func acceptCommand(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "accept-removals",
		Short: "Let many articles go whose files were removed at once",
		Long: `More than half of the articles, and more than twenty, gone at once looks like a
disk that was unmounted, so serve withholds it: the articles stay as they were and
/status says so. If they were meant to go, this command tells the running serve.

It asks at server.admin. Where there is none, start serve once with
--accept-removals.`,
		Example: `  feedwright accept-removals
  feedwright serve --accept-removals`,
		Args:              arguments(cobra.NoArgs),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(c *cobra.Command, _ []string) error {
			l, err := a.load(c, "")
			if err != nil {
				return err
			}
			n, err := askToAccept(c.Context(), &l.Config)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(a.stdout, "Accepted: the articles of %s are withdrawn now.\n", number(n, "file"))
			return err
		},
	}
	settingFlags(c.Flags(), "admin")
	return c
}

// acceptRemovals lets the mass removal that is withheld go through, and says
// how many articles it concerns.
func (s *site) acceptRemovals() int {
	st := s.folder.State()
	if st.Removals == "" {
		return 0
	}
	s.folder.AcceptRemovals()
	return max(st.Removed, 1)
}

// askToAccept asks a running serve at its admin address.
func askToAccept(ctx context.Context, c *config.Config) (int, error) {
	const instead = "start serve once with --accept-removals instead"
	if c.Server.Admin == "" {
		return 0, usage(errors.New("server.admin is off, so a running serve cannot be asked: " + instead))
	}
	if c.Server.Admin == "systemd" {
		return 0, usage(errors.New("server.admin is a socket of systemd's: name its address with --admin, or " + instead))
	}
	client, base := adminClient(c.Server.Admin)
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, base+server.AcceptRemovalsPath, nil)
	if err != nil {
		return 0, usage(fmt.Errorf("server.admin %s: %w", c.Server.Admin, err))
	}
	resp, err := client.Do(r)
	if err != nil {
		return 0, fmt.Errorf("no serve answers at server.admin %s (%w): is it running? If not, %s", c.Server.Admin, err, instead)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(io.LimitReader(resp.Body, 1000))
	if err != nil {
		return 0, fmt.Errorf("ask at server.admin %s: %w", c.Server.Admin, err)
	}
	said := strings.TrimSpace(string(b))
	switch resp.StatusCode {
	case http.StatusAccepted:
		n, err := strconv.Atoi(said)
		if err != nil {
			return 0, fmt.Errorf("what answers at server.admin %s is no feedwright", c.Server.Admin)
		}
		return n, nil
	case http.StatusConflict:
		return 0, errors.New("nothing is being withheld: what was removed has been withdrawn already, or the folder is not there at this moment (see /status)")
	}
	return 0, fmt.Errorf("what answers at server.admin %s says %s: %s", c.Server.Admin, resp.Status, oneLine(said))
}

// adminClient gives a client for an address as server.admin has it, and the
// start of its URLs.
func adminClient(address string) (*http.Client, string) {
	client := &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	if path, ok := strings.CutPrefix(address, "unix:"); ok {
		client.Transport = &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "unix", path)
		}}
		return client, "http://admin"
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return client, "http://" + address
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return client, "http://" + net.JoinHostPort(host, port)
}
