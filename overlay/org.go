package overlay

import (
	"strings"
	"time"
	_ "time/tzdata" // a machine without a time zone database knows the zones, too
)

// HomeOrg is the id of the first organisation, which every server has.
const HomeOrg = "home"

// OrgKind says what an organisation is there for.
type OrgKind string

// The kinds of organisations.
const (
	MerchantOrg  OrgKind = "merchant"  // sells
	AgencyOrg    OrgKind = "agency"    // runs rooms for others
	OrganiserOrg OrgKind = "organiser" // holds a festival of many
)

// Org is an organisation. Whoever has a role in it has that role in all below it.
type Org struct {
	ID       string    `json:"id"`
	Name     string    `json:"name"`
	Kind     OrgKind   `json:"kind" enum:"merchant,agency,organiser"`
	Parent   string    `json:"parent,omitempty" doc:"The organisation that it is a part of"`
	Region   string    `json:"region,omitempty"`
	Currency string    `json:"currency,omitempty" doc:"ISO 4217"`
	Timezone string    `json:"timezone,omitempty" doc:"A name of the IANA database, such as Asia/Shanghai"`
	Language Language  `json:"language,omitempty" enum:"en,zh" doc:"Of letters that its people send; missing: en"`
	Created  time.Time `json:"created"`
}

const (
	maxOrgName = 150
	maxZone    = 64
	// MaxOrgDepth is how many organisations may stand one below the other.
	MaxOrgDepth = 8
)

// Checked gives the organisation with its texts trimmed, or says what is wrong with it.
func (o Org) Checked() (Org, error) {
	o.Name, o.Region = strings.TrimSpace(o.Name), strings.TrimSpace(o.Region)
	if o.Kind == "" {
		o.Kind = MerchantOrg
	}
	if o.Name == "" {
		return o, Errorf(Invalid, "name: must not be empty")
	}
	if err := checkText("name", o.Name, maxOrgName, false); err != nil {
		return o, err
	}
	if err := checkText("region", o.Region, maxOrgName, false); err != nil {
		return o, err
	}
	if o.Kind != MerchantOrg && o.Kind != AgencyOrg && o.Kind != OrganiserOrg {
		return o, Errorf(Invalid, "kind: must be merchant, agency or organiser")
	}
	if _, ok := MinorDigits(o.Currency); o.Currency != "" && !ok {
		return o, Errorf(Invalid, "currency: must be a code of ISO 4217 in capitals, such as CNY")
	}
	if err := CheckLanguage(o.Language); err != nil {
		return o, err
	}
	return o, CheckZone("timezone", o.Timezone)
}

// CheckShopName gives the name of a shop trimmed, or refuses it; "" is none, and passes.
func CheckShopName(name string) (string, error) {
	name = strings.TrimSpace(name)
	return name, checkText("shop", name, maxOrgName, false)
}

// OrgChange is what to change of an organisation; nil leaves a field as it is.
type OrgChange struct {
	Name                       *string
	Kind                       *OrgKind
	Parent                     *string
	Region, Currency, Timezone *string
	Language                   *Language
}

// Changed gives the organisation with a change, checked.
func (o Org) Changed(c OrgChange) (Org, error) {
	set(&o.Name, c.Name)
	set(&o.Kind, c.Kind)
	set(&o.Parent, c.Parent)
	set(&o.Region, c.Region)
	set(&o.Currency, c.Currency)
	set(&o.Timezone, c.Timezone)
	set(&o.Language, c.Language)
	return o.Checked()
}

// CheckZone refuses what is no name of a time zone; "" is none, and passes.
func CheckZone(field, zone string) error {
	if zone == "" {
		return nil
	}
	if _, err := time.LoadLocation(zone); err != nil || zone == "Local" || len(zone) > maxZone {
		return Errorf(Invalid, "%s: must be a name of the IANA time zone database, such as Asia/Shanghai", field)
	}
	return nil
}
