"""The clinic store: users, patients, plans, sessions, scales, and who looked at what. Identity is kept apart from data.

clinic = Clinic.open()                              # $REHAB_CLINIC, else a SQLite file in the user's data folder
acting = clinic.sign_in("anna", password)           # everything else goes through who acts
for line in acting.patients.search("demo"):
    print(line.full_name, line.side)
"""
