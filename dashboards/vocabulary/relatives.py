"""Relatives, their rights, consents and invitations in English words; the catalogues hold the rest."""

from dashboards.vocabulary.mark import N_

RIGHTS = {
    "alerts": N_("Alarms and who helps"),
    "vitals": N_("Heart, breathing, sleep"),
    "location": N_("Where the person is"),
    "visits": N_("Visits and care"),
    "bills": N_("Bills and grade"),
    "order": N_("Order and apply"),
    "decide": N_("Decide in an alarm"),
}
RIGHTS_MEAN = {
    "alerts": N_("That something has happened, and who is seeing to it. We call you when nobody answers."),
    "vitals": N_("Heart rate, breathing, movement, whether the person is in bed."),
    "location": N_("Where the person is, if they wear a watch that says so."),
    "visits": N_("Who comes when, and what was done."),
    "bills": N_("What was used, what the subsidy pays, what is left to pay; the grade."),
    "order": N_("Order visits that you pay, apply for schemes, dispute a grade."),
    "decide": N_("Take an alarm over, and say that all is well."),
}
CONSENT_ITEMS = {
    "vitals": N_("Relatives see heart rate, breathing, sleep and movement"),
    "location": N_("Relatives see the place"),
    "recording": N_("Calls with the call centre are recorded"),
    "photo": N_("A photo for the call centre and the caregivers"),
    "share_visits": N_("Relatives see visits and the care plan"),
    "share_bills": N_("Relatives see bills, grade and applications"),
    "sms": N_("Messages to the phone"),
    "voice": N_("Calls by an automatic voice"),
    "push": N_("Messages in the browser"),
}
CONSENT_AS = {
    "elder": N_("the elder"),
    "guardian": N_("the guardian"),
    "member": N_("the relative"),
    "office": N_("the office"),
}
CONSENT_HOWS = {
    "paper": N_("on paper"),
    "voice": N_("by phone"),
    "in_person": N_("on the spot"),
    "online": N_("in the browser"),
    "earlier": N_("carried over from the earlier consent"),
}
CONSENT_REASONS = {
    "changed_mind": N_("changed their mind"),
    "not_understood": N_("had not understood it"),
    "family_matter": N_("a matter within the family"),
    "no_longer_needed": N_("no longer needed"),
    "guardian_decides": N_("the guardian decides otherwise"),
    "died": N_("the person has died"),
    "other": N_("another reason"),
}
INVITATION_STATES = {
    "open": N_("waits"),
    "proven": N_("code entered"),
    "joined": N_("joined"),
    "locked": N_("locked: five wrong codes"),
    "revoked": N_("taken back"),
    "expired": N_("expired"),
}
PRESETS = {
    "spouse": N_("Spouse at home"),
    "child_decides": N_("Child who decides"),
    "child_far": N_("Child far away"),
    "neighbour": N_("Neighbour"),
}
INVITED_FOR = {"office": N_("the office"), "elder": N_("the elder")}
WISHED_HOW = {
    "counter": N_("at the service counter"),
    "visit": N_("during a visit"),
    "phone": N_("by phone, the call recorded"),
}
BROWSERS = {
    "wechat": N_("WeChat"),
    "dingtalk": N_("DingTalk"),
    "alipay": N_("Alipay"),
    "edge": N_("Edge"),
    "firefox": N_("Firefox"),
    "chrome": N_("Chrome"),
    "safari": N_("Safari"),
    "other": N_("another browser"),
}
SYSTEMS = {
    "harmony": N_("HarmonyOS phone"),
    "android": N_("Android phone"),
    "iphone": N_("iPhone"),
    "ipad": N_("iPad"),
    "windows": N_("Windows computer"),
    "mac": N_("Mac computer"),
    "linux": N_("Linux computer"),
    "other": N_("another device"),
}
RELATIVE_PROBLEMS = {
    "not_shared": N_("This is not shared with you. The elder decides it, at the service point or by phone."),
    "consent_given": N_("This is consented to already."),
    "consent_withdrawn": N_("This consent was withdrawn before."),
    "no_guardian": N_("No guardianship is on record for this elder: only the elder can consent."),
    "invited_already": N_("This number is invited already: send a new code, or take the invitation back."),
    "already_relative": N_("This person is a relative here already: change the rights instead."),
    "bond_ended": N_("This relative was taken off the list before: invite them again."),
    "phone_of_another": N_("This number belongs to %(name)s already. If both share the phone, say so below."),
    "invitation_over": N_("This invitation is over: %(invitation_is)s."),
    "wrong_code": N_("The code is wrong or no longer good. Ask for a new one if need be."),
    "wrong_invitation": N_("Number and code do not fit, or the invitation was taken back."),
    "invitation_locked": N_("Too many wrong codes for this number. The office can send a new code."),
    "invitation_expired": N_("This invitation is past its day. The office can send a new code."),
    "invitation_again": N_("Please enter number and code again."),
}
RELATIVE_FIELDS = {
    "phone": N_("Not a telephone number: please check the digits."),
    "phone_differs": N_("The two numbers differ."),
}
