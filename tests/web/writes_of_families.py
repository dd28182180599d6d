"""Who may send which form of the family's pages about alerts, visits and the own phone."""

FAMILY = {"family"}

FAMILY_WRITES: dict[str, set[str]] = {
    **{f"/family/alert/{{case_id}}/{verb}": FAMILY for verb in ("answer", "safe")},
    **{
        f"/family/visits/{{elder_id}}/{{visit_id}}/{verb}": FAMILY for verb in ("confirm", "rate", "complain")
    },
    **{f"/family/phone/{{push_subscription_id}}/{verb}": FAMILY for verb in ("test", "remove")},
}
