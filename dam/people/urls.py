"""Addresses of persons, their faces, their voices and their consent."""

from django.urls import path

from dam.people import face_views, same_views, views, voice_views

urlpatterns = [
    path("people/", views.people, name="people"),
    path("people/new/", views.new_person, name="new-person"),
    path("people/same/", same_views.same_person, name="same-person"),
    path("people/answers/<int:pk>/undo/", same_views.undo_answer, name="undo-answer"),
    path("people/<int:pk>/", views.person, name="person"),
    path("people/<int:pk>/merge/", same_views.merge_person, name="merge-person"),
    path("people/<int:pk>/split/", same_views.split_person, name="split-person"),
    path("people/<int:pk>/edit/", views.edit_person, name="edit-person"),
    path("people/<int:pk>/consent/", views.record_consent, name="record-consent"),
    path("people/<int:pk>/withdraw/", views.withdraw_consent, name="withdraw-consent"),
    path("people/consents/<int:pk>/evidence", face_views.evidence, name="consent-evidence"),
    path("people/receipts/<int:pk>/", face_views.receipt, name="receipt"),
    path("people/groups/<int:pk>/", face_views.group, name="face-group"),
    path("libraries/<int:pk>/recognition/", face_views.library_recognition, name="library-recognition"),
    path("assets/<int:pk>/faces/", face_views.asset_faces, name="asset-faces"),
    path("faces/<int:pk>/", face_views.face_picture, name="face-picture"),
    path("faces/<int:pk>/name/", face_views.name_face, name="name-face"),
    path("assets/<int:pk>/voices/", voice_views.asset_voices, name="asset-voices"),
    path("voices/<int:pk>/name/", voice_views.name_voice, name="name-voice"),
    path("voices/<int:pk>/take-back/", voice_views.take_back, name="take-back-voice"),
]
