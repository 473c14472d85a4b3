package overlay

import (
	"strings"
	"time"
)

// Festival is an event of many rooms, over days or weeks. Its organiser reads the figures of
// the shows that they hold in it, and changes nothing of theirs.
type Festival struct {
	Slug        string    `json:"slug" doc:"Its name in addresses, such as /festival/june. It never changes"`
	Org         string    `json:"org" doc:"The organisation that holds it"`
	Title       string    `json:"title"`
	Description string    `json:"description,omitempty"`
	Picture     string    `json:"picture,omitempty" doc:"An http(s) address, or a path on this server"`
	Starts      time.Time `json:"starts_at"`
	Ends        time.Time `json:"ends_at" doc:"Shows that begin at this moment or later are not of the festival"`
	Timezone    string    `json:"timezone,omitempty" doc:"Whose days its schedule and its report have (IANA); missing: UTC"`
	Created     time.Time `json:"created"`
}

const (
	maxFestivalTitle = 150
	maxFestivalWords = 1000
	maxFestival      = 366 * 24 * time.Hour
	maxRegions       = 4 // steps of a region
	maxRegion        = 150
)

// How many festivals an organisation has, how many merchants one of them, and how many
// rooms: its page and its report are made of all of them.
const (
	MaxFestivals     = 200
	MaxParticipants  = 1000
	MaxFestivalRooms = 1000
)

// FestivalInvitationLife is how long the link holds that invites a merchant. It ends with
// the festival, too.
const FestivalInvitationLife = 30 * 24 * time.Hour

// Checked gives the festival with its texts trimmed, or says what is wrong with it.
func (f Festival) Checked() (Festival, error) {
	f.Title, f.Description = strings.TrimSpace(f.Title), strings.TrimSpace(f.Description)
	f.Starts, f.Ends = f.Starts.UTC().Truncate(time.Millisecond), f.Ends.UTC().Truncate(time.Millisecond)
	if err := CheckSlug(f.Slug); err != nil {
		return f, err
	}
	if f.Title == "" {
		return f, Errorf(Invalid, "title: must not be empty")
	}
	if err := checkText("title", f.Title, maxFestivalTitle, false); err != nil {
		return f, err
	}
	if err := checkText("description", f.Description, maxFestivalWords, true); err != nil {
		return f, err
	}
	if f.Picture != "" {
		if err := checkImage("picture", f.Picture); err != nil {
			return f, err
		}
	}
	switch {
	case f.Starts.Year() < 2000 || f.Ends.Year() > 9000 || !f.Starts.Before(f.Ends):
		return f, Errorf(Invalid, "ends_at: must be later than starts_at")
	case f.Ends.Sub(f.Starts) > maxFestival:
		return f, Errorf(Invalid, "ends_at: a festival lasts at most %d days", int(maxFestival/(24*time.Hour)))
	}
	return f, CheckZone("timezone", f.Timezone)
}

// FestivalChange is what to change of a festival; nil leaves a field as it is.
type FestivalChange struct {
	Title, Description, Picture, Timezone *string
	Starts, Ends                          *time.Time
}

// Changed gives the festival with a change, checked.
func (f Festival) Changed(c FestivalChange) (Festival, error) {
	set(&f.Title, c.Title)
	set(&f.Description, c.Description)
	set(&f.Picture, c.Picture)
	set(&f.Timezone, c.Timezone)
	set(&f.Starts, c.Starts)
	set(&f.Ends, c.Ends)
	return f.Checked()
}

// Days gives the days of a festival, for its report: their midnights are in its time zone,
// but it begins and ends at its own moments.
func (f Festival) Days() SummaryDays {
	d := SummaryDays{Begin: f.Starts, End: f.Ends, Zone: time.UTC}
	if zone, err := time.LoadLocation(f.Timezone); err == nil && f.Timezone != "" {
		d.Zone = zone
	}
	d.From = f.Starts.In(d.Zone).Format(time.DateOnly)
	d.To = f.Ends.Add(-time.Millisecond).In(d.Zone).Format(time.DateOnly)
	return d
}

// FestivalStatus says how a merchant stands to a festival.
type FestivalStatus string

// A merchant is invited, takes part, and may have left, or been taken out.
const (
	FestivalInvited  FestivalStatus = "invited"
	FestivalAccepted FestivalStatus = "accepted"
	FestivalLeft     FestivalStatus = "left"
)

// Participant is a merchant of a festival.
type Participant struct {
	ID       string         `json:"id"`
	Festival string         `json:"festival"`
	Name     string         `json:"name" doc:"What the organiser calls it"`
	Region   string         `json:"region,omitempty" doc:"Where it is, from the whole to the part: Guangdong/Guangzhou. Missing: as its organisation says"`
	Status   FestivalStatus `json:"status" enum:"invited,accepted,left"`
	Org      string         `json:"org,omitempty" doc:"Its organisation, since it accepted"`
	OrgName  string         `json:"org_name,omitempty"`
	Invited  time.Time      `json:"invited_at"`
	Expires  time.Time      `json:"expires_at" doc:"Until when the link holds"`
	Accepted *time.Time     `json:"accepted_at,omitempty"`
	Left     *time.Time     `json:"left_at,omitempty"`
	Rooms    []FestivalRoom `json:"rooms" doc:"Those with which it takes part"`
}

// FestivalRoom is a room of a festival.
type FestivalRoom struct {
	Slug  string    `json:"slug"`
	Title string    `json:"title"`
	Since time.Time `json:"since" doc:"Shows that had ended before are not of the festival"`
}

// Participation is a festival as a merchant of it sees it.
type Participation struct {
	Festival  Festival    `json:"festival"`
	Organiser string      `json:"organiser" doc:"The name of the organisation that holds it"`
	Part      Participant `json:"part"`
}

// CheckParticipant gives what an organiser calls a merchant, and its region, trimmed.
func CheckParticipant(name, region string) (string, string, error) {
	name = strings.TrimSpace(name)
	if name == "" {
		return "", "", Errorf(Invalid, "name: must not be empty")
	}
	if err := checkText("name", name, maxOrgName, false); err != nil {
		return "", "", err
	}
	region, err := CheckRegion(region)
	return name, region, err
}

// CheckRegion gives a region as a path of names, from the whole to the part; "" is none.
func CheckRegion(region string) (string, error) {
	if region = strings.TrimSpace(region); region == "" {
		return "", nil
	}
	steps := RegionSteps(region)
	for _, step := range strings.Split(region, "/") {
		if strings.TrimSpace(step) == "" {
			return "", Errorf(Invalid, "region: must be names with a / between them, such as Guangdong/Guangzhou")
		}
	}
	if len(steps) > maxRegions {
		return "", Errorf(Invalid, "region: has %d steps, at most %d are allowed", len(steps), maxRegions)
	}
	region = steps[len(steps)-1]
	return region, checkText("region", region, maxRegion, false)
}

// RegionSteps gives a region and all above it, the greatest first: Guangdong, then
// Guangdong/Guangzhou.
func RegionSteps(region string) (steps []string) {
	at := ""
	for _, name := range strings.Split(region, "/") {
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		if at != "" {
			at += "/"
		}
		at += name
		steps = append(steps, at)
	}
	return steps
}
